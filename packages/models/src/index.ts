export { classificationHead, projectionHead, segmentationHead } from './heads.ts';
export { denseCl, type DenseClConfig } from './densecl.ts';
export type { DenseConfig } from './dense-config.ts';
export {
  encoderState,
  type Method,
  type MethodInputs,
  type StepContext,
  type StepExtras,
} from './method.ts';
export { infoNce, unitRows } from './info-nce.ts';
export { moco, type MocoConfig } from './moco.ts';
export type { Encoder, Network, NetworkState } from './network.ts';
export { pixContrast } from './pixcontrast.ts';
export { pixPro } from './pixpro.ts';
export { resizeToPlanes } from './resize.ts';
export { loadWeights, saveWeights, type Weights } from './weights.ts';
export type { RinceConfig } from './rince.ts';
export { exportSavedModel, type InputScale } from './saved-model.ts';
export { exportEncoder, importEncoder, torchvisionModel } from './torchvision.ts';
export { vader, type VaderConfig } from './vader.ts';
export { resnet, type EncoderConfig } from './resnet.ts';
