import { conv2d, tf } from '@noisy-pairs/engine';
import { expect, test } from 'vitest';
import { applyConvNorm, type ConvNorm } from './conv-norm.ts';

const one: ConvNorm = { conv: 'conv', norm: 'bn', kernel: 3, stride: 2, inputs: 1, outputs: 1 };
/** 1 in the middle, so that the layer picks pixels. */
const identity = tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0], [3, 3, 1, 1]);
const ramp = tf.tensor4d(
  Array.from({ length: 16 }, (_, i) => i),
  [1, 4, 4, 1],
);

test(
  "a convolution of stride 2 pads both sides by one, as PyTorch does and TensorFlow's SAME does " +
    'not (oracle J)',
  () => {
    const params = { 'conv.weight': identity, 'bn.weight': tf.ones([1]), 'bn.bias': tf.zeros([1]) };
    const stats = {
      'bn.running_mean': tf.zeros([1]),
      'bn.running_var': tf.scalar(1 - 1e-5).reshape([1]),
    }; // normalises by 1
    const y = applyConvNorm(one, ramp, { params, stats, training: false, newStats: {} });
    expect([...y.dataSync()]).toEqual(
      [0, 2, 8, 10].map((value) => expect.closeTo(value, 5) as number),
    );
    expect([...conv2d(ramp, identity, 2, 'same').dataSync()]).toEqual([5, 7, 13, 15]);
  },
);
