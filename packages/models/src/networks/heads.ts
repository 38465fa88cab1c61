import {
  entry1d,
  entry2d,
  linear,
  relu,
  tf,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { normal, uniformFanIn } from './initialise.ts';
import type { Network } from './network.ts';

/**
 * MoCo v2's head: fully connected, ReLU, fully connected; no batch norm. With `hidden` 0 MoCo v1's:
 * one fully connected layer. [B, inputs] -> [B, outputs], not normalised.
 */
export function projectionHead({
  inputs,
  hidden,
  outputs,
}: {
  inputs: number;
  hidden: number;
  outputs: number;
}): Network<Tensor2D, Tensor2D> {
  if (hidden === 0) {
    return {
      init: (random) => ({
        params: {
          'fc.weight': uniformFanIn(random.split('fc.weight'), [inputs, outputs], inputs),
          'fc.bias': uniformFanIn(random.split('fc.bias'), [outputs], inputs),
        },
        stats: {},
      }),
      apply: (params, stats, x) => ({
        y: linear(x, entry2d(params, 'fc.weight')).add<Tensor2D>(entry1d(params, 'fc.bias')),
        stats,
      }),
    };
  }
  return {
    init: (random) => ({
      params: {
        'fc.0.weight': uniformFanIn(random.split('fc.0.weight'), [inputs, hidden], inputs),
        'fc.0.bias': uniformFanIn(random.split('fc.0.bias'), [hidden], inputs),
        'fc.2.weight': uniformFanIn(random.split('fc.2.weight'), [hidden, outputs], hidden),
        'fc.2.bias': uniformFanIn(random.split('fc.2.bias'), [outputs], hidden),
      },
      stats: {},
    }),
    apply(params, stats, x) {
      const layer = (y: Tensor2D, i: number) =>
        linear(y, entry2d(params, `fc.${i}.weight`)).add<Tensor2D>(entry1d(params, `fc.${i}.bias`));
      return { y: layer(relu(layer(x, 0)), 2), stats };
    },
  };
}

/**
 * A linear classifier of each feature: 1x1 convolution with bias. [B, h, w, inputs] -> logits [B,
 * h, w, classes].
 */
export function segmentationHead({
  inputs,
  classes,
}: {
  inputs: number;
  classes: number;
}): Network<Tensor4D, Tensor4D> {
  return {
    init: (random) => ({
      params: {
        'head.weight': normal(random.split('head.weight'), [inputs, classes], 0.01),
        'head.bias': tf.zeros([classes]),
      },
      stats: {},
    }),
    apply(params, stats, x) {
      const [b, h, w, c] = x.shape;
      const flat = x.reshape<Tensor2D>([b * h * w, c]);
      return {
        y: linear(flat, entry2d(params, 'head.weight'))
          .add<Tensor2D>(entry1d(params, 'head.bias'))
          .reshape<Tensor4D>([b, h, w, classes]),
        stats,
      };
    },
  };
}

/**
 * A linear classifier of images (moco `main_lincls.py`): fully connected, weights N(0, 0.01), bias
 * 0. [B, inputs] -> logits [B, classes].
 */
export function classificationHead({
  inputs,
  classes,
}: {
  inputs: number;
  classes: number;
}): Network<Tensor2D, Tensor2D> {
  return {
    init: (random) => ({
      params: {
        'fc.weight': normal(random.split('fc.weight'), [inputs, classes], 0.01),
        'fc.bias': tf.zeros([classes]),
      },
      stats: {},
    }),
    apply: (params, stats, x) => ({
      y: linear(x, entry2d(params, 'fc.weight')).add<Tensor2D>(entry1d(params, 'fc.bias')),
      stats,
    }),
  };
}
