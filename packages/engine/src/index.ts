export {
  batchNormInference,
  batchNormTrain,
  type RunningStatistics,
} from './kernels/batch-norm.ts';
export { conv2d, type Padding } from './kernels/conv.ts';
export { softmaxCrossEntropy, softmaxCrossEntropyPlanes } from './kernels/cross-entropy.ts';
export { gatherRows } from './kernels/gather-rows.ts';
export { adamUpdate, momentumUpdate, movingAverage } from './kernels/in-place.ts';
export { linear } from './kernels/linear.ts';
export { maxPool } from './kernels/max-pool.ts';
export { relu } from './kernels/relu.ts';

export { CompileError } from './compile/graph/step-line.ts';
export type { HostTensor } from './compile/program/host-tensor.ts';
export type {
  InputSpec,
  InputValue,
  SpecTree,
  TensorsOf,
  ValuesOf,
} from './compile/program/inputs.ts';
export { openProgram } from './compile/program/open-program.ts';
export type {
  EntryPoint,
  Program,
  ProgramOptions,
  StepFunction,
  StepResult,
} from './compile/program/program.ts';
export { constant } from './compile/recording/constants.ts';
export { bf16Instructions, type Precision } from './compile/recording/precision.ts';
export type { OpenSpec, SavedFunction } from './compile/saved-model/record-open.ts';
export { writeSavedModel } from './compile/saved-model/saved-model.ts';
export { stepProfile, type OpTime } from './compile/step-profile.ts';

export { entry1d, entry2d, entry4d } from './tree/entry.ts';
export { within } from './tree/within.ts';
export { requireLike, type Shapes } from './tree/require-like.ts';
export {
  disposeAll,
  flattenTree,
  mapTree,
  unflattenTree,
  zipTree,
  type NamedTensors,
  type PartOf,
  type TensorTree,
  type Tree,
} from './tree/tree.ts';

export { valueAndGradients } from './gradients.ts';
export { memory } from './memory.ts';
export { tensorflowVersion } from './native.ts';
export {
  tf,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from './tensorflow.ts';
