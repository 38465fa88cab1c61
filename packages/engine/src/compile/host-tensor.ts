import { tf, type Tensor } from '../tensorflow.ts';
import { types } from './graph/graph.ts';

/**
 * What a step's input is declared as. A uint8 input is a float32 tensor of 0..255 to the step, at a
 * quarter of the cost of feeding it.
 */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'uint8';
}

/** Values in JavaScript's memory. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** What an input is given as: as many values as its shape has; a number for a scalar. */
export type InputValue = Float32Array | Int32Array | Uint8Array | number;

const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
const names = { [types.float32]: 'float32', [types.int32]: 'int32', [types.bool]: 'bool' } as const;

/** @throws if the values are not what was declared */
export function checkedInput(
  name: string,
  { shape, dtype }: InputSpec,
  value: InputValue | undefined,
): Float32Array | Int32Array | Uint8Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const data = typeof value === 'number' && shape.length === 0 ? arrays[dtype].of(value) : value;
  if (!(data instanceof arrays[dtype]) || data.length !== size) {
    const got =
      data === undefined
        ? 'none'
        : typeof data === 'number'
          ? 'a number'
          : `${data.length} of ${data.constructor.name}`;
    throw new Error(
      `input ${name}: expected ${size} values of ${dtype} for shape [${shape.join(', ')}], ` +
        `got ${got}`,
    );
  }
  return data;
}

/** @throws if a name is missing or superfluous */
export function checkNames(
  specs: Readonly<Record<string, InputSpec>>,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const name of Object.keys(values)) {
    if (!(name in specs))
      throw new Error(
        `input ${name}: expected only ${Object.keys(specs).join(', ') || 'no inputs'}, got it ` +
          'besides',
      );
  }
}

export function hostTensor(value: {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: ArrayBuffer;
}): HostTensor {
  const dtype = names[value.dtype as keyof typeof names];
  const data =
    dtype === 'float32'
      ? new Float32Array(value.data)
      : dtype === 'int32'
        ? new Int32Array(value.data)
        : new Uint8Array(value.data);
  return { shape: value.shape, dtype, data };
}

/** Copies a tensor's values out of the device. */
export function fetchTensor(tensor: Tensor): HostTensor {
  return {
    shape: tensor.shape,
    dtype: tensor.dtype as HostTensor['dtype'],
    data: tensor.dataSync().slice(),
  };
}

/** A new tensor of these values; the caller's. */
export function toTensor({ shape, dtype, data }: HostTensor): Tensor {
  return tf.tensor(data, [...shape], dtype);
}
