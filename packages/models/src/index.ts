export { projectionHead, segmentationHead } from './heads.ts';
export { encoderState, type Method } from './method.ts';
export { infoNce, unitRows } from './info-nce.ts';
export { moco, type MocoConfig } from './moco.ts';
export type { Encoder, Network, NetworkState } from './network.ts';
export { resizeToPlanes } from './resize.ts';
export { loadWeights, saveWeights, type Weights } from './weights.ts';
export { resnet, type EncoderConfig } from './resnet.ts';
