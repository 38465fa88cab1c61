import { tf, type Tensor } from './tensorflow.ts';

/** An attribute of a TensorFlow op, as tfjs-node's binding takes it. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

interface Binding {
  TF_Version: string;
  TF_ATTR_TYPE: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_STRING: number;
  TF_FLOAT: number;
  TF_INT32: number;
}

/** The part of tfjs-node's backend that executes ops of the C library by name. */
interface NativeBackend {
  binding: Binding;
  isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: Attribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

export const backend = tf.backend() as unknown as NativeBackend;
const b = backend.binding;

/** The version of the TensorFlow library that computes, `2.21.0`. */
export function tensorflowVersion(): string {
  return b.TF_Version;
}

/** Attributes of ops that tfjs-node runs. */
export const attribute = {
  type: (name: string, value: 'float32' | 'int32'): Attribute => ({
    name,
    type: b.TF_ATTR_TYPE,
    value: value === 'float32' ? b.TF_FLOAT : b.TF_INT32,
  }),
  ints: (name: string, value: number[]): Attribute => ({ name, type: b.TF_ATTR_INT, value }),
  float: (name: string, value: number): Attribute => ({ name, type: b.TF_ATTR_FLOAT, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: b.TF_ATTR_BOOL, value }),
  string: (name: string, value: string): Attribute => ({ name, type: b.TF_ATTR_STRING, value }),
};

/**
 * Runs a kernel registered under `name`, through the gradient tape; one that yields several tensors
 * returns them all.
 */
export function runKernel(
  name: string,
  inputs: Record<string, Tensor>,
  attributes: Record<string, unknown> = {},
): Tensor | Tensor[] {
  return tf.engine().runKernel<Tensor | Tensor[]>(name, inputs, attributes as never);
}
