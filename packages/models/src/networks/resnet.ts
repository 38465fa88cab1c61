import { maxPool, relu, type Tensor4D } from '@noisy-pairs/engine';
import { applyConvNorm, convNormShapes, initConvNorm, padSides, type Pass } from './conv-norm.ts';
import { requireEncoderConfig, type EncoderConfig } from './encoder-config.ts';
import type { Encoder } from './network.ts';
import {
  allLayers,
  resnetLayers,
  resnetPlacement,
  type Block,
  type ResnetLayers,
} from './resnet-layers.ts';
import type { GroupOrder } from './split-batch-norm.ts';

/**
 * A ResNet (He et al. 2016) without its classifier, by torchvision's names.
 * @throws if the configuration is not a network's (see requireEncoderConfig)
 */
export function resnet(config: EncoderConfig): Encoder {
  requireEncoderConfig(config);
  const network = resnetLayers(config);
  const layers = allLayers(network);
  const stages = network.stages.map(({ channels, stride }) => {
    return { channels, ...resnetPlacement(stride) };
  });
  const { channels, stride } = stages[stages.length - 1] as (typeof stages)[number];
  const groups = config.batchNormGroups ?? 1;
  return {
    config,
    channels,
    outputStride: stride,
    placement: resnetPlacement(stride),
    stages,
    shapes: joined(layers.map(convNormShapes)),
    init: (random) => joined(layers.map((layer) => initConvNorm(layer, random))),
    ...passes(network, groups, 'interleaved'),
    forKeys: passes(network, groups, 'across'),
  };
}

type Parts<T> = Readonly<Record<'params' | 'stats', Readonly<Record<string, T>>>>;

/** The entries of all layers, in their order. */
function joined<T>(layers: readonly Parts<T>[]): Parts<T> {
  return {
    params: Object.fromEntries(layers.flatMap(({ params }) => Object.entries(params))),
    stats: Object.fromEntries(layers.flatMap(({ stats }) => Object.entries(stats))),
  };
}

/** The passes through a network whose batch norm cuts the batch into groups in this order. */
function passes(
  network: ResnetLayers,
  count: number,
  order: GroupOrder,
): Pick<Encoder, 'apply' | 'applyStages'> {
  const applyStages: Encoder['applyStages'] = (params, stats, x, training) => {
    const pass: Pass = { params, stats, training, newStats: {}, groups: { count, order } };
    let y = applyStem(network, x, pass);
    const ys = network.stages.map(({ blocks }) => {
      for (const block of blocks) y = applyBlock(block, y, pass);
      return y;
    });
    return { y, ys, stats: pass.newStats };
  };
  return {
    applyStages,
    apply(params, stats, x, training) {
      const { y, stats: newStats } = applyStages(params, stats, x, training);
      return { y, stats: newStats };
    },
  };
}

function applyStem({ stem, pool }: ResnetLayers, x: Tensor4D, pass: Pass): Tensor4D {
  const y = relu(applyConvNorm(stem, x, pass));
  // Zero padding is exact for a max-pool behind a ReLU, and 'valid' pooling has a native gradient.
  return pool ? maxPool(padSides(y, 1), 3, 2, 'valid') : y;
}

function applyBlock({ layers, shortcut }: Block, x: Tensor4D, pass: Pass): Tensor4D {
  const skip = shortcut ? applyConvNorm(shortcut, x, pass) : x;
  let y = x;
  layers.forEach((layer, i) => {
    y = applyConvNorm(layer, y, pass);
    if (i < layers.length - 1) y = relu(y);
  });
  return relu(y.add(skip));
}
