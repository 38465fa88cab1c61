import { linear, relu, tf, type Tensor, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
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
}): Network {
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
        y: linear(x as Tensor2D, params['fc.weight'] as Tensor2D).add<Tensor2D>(
          params['fc.bias'] as Tensor,
        ),
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
        linear(y, params[`fc.${i}.weight`] as Tensor2D).add<Tensor2D>(
          params[`fc.${i}.bias`] as Tensor,
        );
      return { y: layer(relu(layer(x as Tensor2D, 0)), 2), stats };
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
}): Network {
  return {
    init: (random) => ({
      params: {
        'head.weight': normal(random.split('head.weight'), [inputs, classes], 0.01),
        'head.bias': tf.zeros([classes]),
      },
      stats: {},
    }),
    apply(params, stats, x) {
      const [b, h, w, c] = (x as Tensor4D).shape;
      const flat = x.reshape<Tensor2D>([b * h * w, c]);
      return {
        y: linear(flat, params['head.weight'] as Tensor2D)
          .add<Tensor2D>(params['head.bias'] as Tensor)
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
}): Network {
  return {
    init: (random) => ({
      params: {
        'fc.weight': normal(random.split('fc.weight'), [inputs, classes], 0.01),
        'fc.bias': tf.zeros([classes]),
      },
      stats: {},
    }),
    apply: (params, stats, x) => ({
      y: linear(x as Tensor2D, params['fc.weight'] as Tensor2D).add<Tensor2D>(
        params['fc.bias'] as Tensor,
      ),
      stats,
    }),
  };
}
