export { denseCl, type DenseClConfig } from './methods/densecl.ts';
export {
  encoderState,
  type ExtraSpecs,
  type Method,
  type MethodInputs,
  type MethodState,
  type StepContext,
  type StepExtras,
} from './methods/method.ts';
export { moco, type MocoConfig } from './methods/moco.ts';
export { pixContrast } from './methods/pixcontrast.ts';
export { pixPro } from './methods/pixpro.ts';
export { vader, type VaderConfig } from './methods/vader.ts';
export type { DenseConfig } from './methods/contrast/dense-config.ts';
export type { RinceConfig } from './methods/contrast/rince.ts';

export type { EncoderConfig } from './networks/encoder-config.ts';
export { classificationHead, segmentationHead } from './networks/heads.ts';
export type { Encoder, Network, NetworkState, Placement } from './networks/network.ts';
export { resizeToPlanes } from './networks/resize.ts';
export { resnet } from './networks/resnet.ts';

export { exportEncoder } from './files/export-encoder.ts';
export { importEncoder } from './files/import-encoder.ts';
export { openSafetensors, type Safetensors } from './files/safetensors.ts';
export { exportSavedModel, type InputScale } from './files/saved-model.ts';
export { torchvisionModel } from './files/torchvision-model.ts';
export { loadWeights, saveWeights, type Weights } from './files/weights.ts';
