import type { Padding } from './conv.ts';
import { tf, type Tensor4D } from '../tensorflow.ts';

/** Largest value of each size x size window. @param x [B, H, W, C] */
export function maxPool(x: Tensor4D, size: number, stride: number, padding: Padding): Tensor4D {
  return tf.maxPool(x, size, stride, padding);
}
