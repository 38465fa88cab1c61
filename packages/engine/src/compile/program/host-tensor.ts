import { types } from '../../attributes.ts';
import { tf, type Tensor } from '../../tensorflow.ts';

/** Values in JavaScript's memory. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly data: Float32Array | Int32Array | Uint8Array;
}

const names = { [types.float32]: 'float32', [types.int32]: 'int32', [types.bool]: 'bool' } as const;

/** The values of a native tensor, in the memory that it came in. */
export function hostTensor(value: {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: ArrayBuffer;
}): HostTensor {
  const dtype = names[value.dtype as keyof typeof names];
  const array = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return { shape: value.shape, dtype, data: new array(value.data) };
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
