import type { Attribute } from './attributes.ts';
import { tf, type Tensor } from './tensorflow.ts';

export type Values = Float32Array | Int32Array | Uint8Array;

/** A tensor of the native library as tfjs-node tells of it; `dtype` is one of `types`. */
export interface NativeTensorInfo {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of tfjs-node's binding to the C library that is used or replaced here. */
export interface Binding {
  readonly TF_Version: string;
  executeOp(
    type: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
    outputs: number,
  ): NativeTensorInfo[];
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
}

/** The part of tfjs-node's backend that is used or, while a step is recorded, replaced here. */
interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  /** By a tensor's dataId; `values` until they are in a native tensor. */
  readonly tensorMap: {
    get(dataId: object): NativeTensorInfo & { readonly values: Values | null };
  };
  /** Runs an op of the C library by name. */
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly Attribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
  createOutputTensor(info: NativeTensorInfo): Tensor;
  getInputTensorIds?: (tensors: readonly Tensor[]) => number[];
  read?: (dataId: object) => Promise<unknown>;
}

/** tfjs-node's backend. */
export const backend = tf.backend() as unknown as NativeBackend;

/** The version of the TensorFlow library that computes, `2.21.0`. */
export function tensorflowVersion(): string {
  return backend.binding.TF_Version;
}
