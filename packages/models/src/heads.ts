import { linear, relu, tf, type Tensor, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import { normal, uniformFanIn } from './initialise.ts';
import type { Network } from './network.ts';

/** MoCo v2's head: fully connected, ReLU, fully connected; no batch norm. [B, inputs] -> [B, outputs], not normalised. */
export function projectionHead({ inputs, hidden, outputs }: { inputs: number; hidden: number; outputs: number }): Network {
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
      const layer = (y: Tensor2D, i: number) => linear(y, params[`fc.${i}.weight`] as Tensor2D).add<Tensor2D>(params[`fc.${i}.bias`] as Tensor);
      return { y: layer(relu(layer(x as Tensor2D, 0)), 2), stats };
    },
  };
}

/** A linear classifier of each feature: 1x1 convolution with bias. [B, h, w, inputs] -> logits [B, h, w, classes]. */
export function segmentationHead({ inputs, classes }: { inputs: number; classes: number }): Network {
  return {
    init: (random) => ({
      params: { 'head.weight': normal(random.split('head.weight'), [inputs, classes], 0.01), 'head.bias': tf.zeros([classes]) },
      stats: {},
    }),
    apply(params, stats, x) {
      const [b, h, w, c] = (x as Tensor4D).shape;
      const flat = x.reshape<Tensor2D>([b * h * w, c]);
      return { y: linear(flat, params['head.weight'] as Tensor2D).add<Tensor2D>(params['head.bias'] as Tensor).reshape<Tensor4D>([b, h, w, classes]), stats };
    },
  };
}
