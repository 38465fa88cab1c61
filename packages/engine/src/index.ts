export { batchNormInference, batchNormTrain } from './batch-norm.ts';
export { conv2d, type Padding } from './conv.ts';
export { softmaxCrossEntropy } from './cross-entropy.ts';
export { disposeAll, valueAndGradients, type NamedTensors } from './gradients.ts';
export { maxPool } from './max-pool.ts';
export { memory } from './memory.ts';
export { under, within } from './names.ts';
export { relu } from './relu.ts';
export { tf, type DataType, type Rank, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D, type Variable } from './tensorflow.ts';
