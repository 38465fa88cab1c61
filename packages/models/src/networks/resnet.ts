import { maxPool, relu, tf, type Tensor, type Tensor4D } from '@noisy-pairs/engine';
import {
  applyConvNorm,
  convNormShapes,
  initConvNorm,
  type ConvNorm,
  type Pass,
} from './conv-norm.ts';
import type { Encoder } from './network.ts';
import type { GroupOrder } from './split-batch-norm.ts';

/** A ResNet (He et al. 2016) without its classifier. */
export interface EncoderConfig {
  /** 10, 18, 34: basic blocks; 50: bottlenecks. */
  readonly depth: 10 | 18 | 34 | 50;
  /** Channels of the first stage; 64 is the standard. */
  readonly width: number;
  /**
   * imagenet: 7x7 stride 2, max-pool stride 2; half: 5x5 stride 2, no pool; small: 3x3 stride 1, no
   * pool (CIFAR).
   */
  readonly stem: 'imagenet' | 'half' | 'small';
  /**
   * Stride of each stage, the first first: as many stages as entries, 1..4. The standard is [1, 2,
   * 2, 2].
   */
  readonly strides: readonly number[];
  /**
   * Batch norm in training by the statistics of so many parts of the batch, which must be a
   * multiple of it (see splitBatchNorm). MoCo's notebook on CIFAR-10 has 8 with batches of 512.
   * Default 1: of the whole batch.
   */
  readonly batchNormGroups?: number;
}

const BLOCKS = { 10: [1, 1, 1, 1], 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] } as const;
const STEMS = {
  imagenet: { kernel: 7, stride: 2, pool: true },
  half: { kernel: 5, stride: 2, pool: false },
  small: { kernel: 3, stride: 1, pool: false },
} as const;

interface Block {
  readonly layers: readonly ConvNorm[];
  readonly shortcut: ConvNorm | undefined;
}

function block(
  name: string,
  bottleneck: boolean,
  inputs: number,
  width: number,
  stride: number,
): Block {
  const outputs = bottleneck ? 4 * width : width;
  const layer = (i: number, kernel: number, from: number, to: number, by: number): ConvNorm => ({
    conv: `${name}.conv${i}`,
    norm: `${name}.bn${i}`,
    kernel,
    stride: by,
    inputs: from,
    outputs: to,
  });
  return {
    layers: bottleneck
      ? [
          layer(1, 1, inputs, width, 1),
          layer(2, 3, width, width, stride),
          layer(3, 1, width, outputs, 1),
        ]
      : [layer(1, 3, inputs, width, stride), layer(2, 3, width, width, 1)],
    shortcut:
      stride === 1 && inputs === outputs
        ? undefined
        : {
            conv: `${name}.downsample.0`,
            norm: `${name}.downsample.1`,
            kernel: 1,
            stride,
            inputs,
            outputs,
          },
  };
}

/**
 * @throws if the configuration is not a network: unknown depth, no or more than four stages,
 *   strides other than 1 or 2.
 */
export function resnet(config: EncoderConfig): Encoder {
  const { depth, width, strides, batchNormGroups = 1 } = config;
  if (!(depth in BLOCKS)) throw new Error(`encoder depth: expected 10, 18, 34 or 50, got ${depth}`);
  if (!Number.isInteger(width) || width < 1)
    throw new Error(`encoder width: expected a positive whole number, got ${width}`);
  if (strides.length < 1 || strides.length > 4)
    throw new Error(`encoder strides: expected 1 to 4 stages, got ${strides.length}`);
  if (strides.some((s) => s !== 1 && s !== 2))
    throw new Error(`encoder strides: expected each to be 1 or 2, got ${strides.join(', ')}`);
  if (!Number.isInteger(batchNormGroups) || batchNormGroups < 1)
    throw new Error(
      `encoder batchNormGroups: expected a positive whole number, got ${batchNormGroups}`,
    );
  const { kernel, stride, pool } = STEMS[config.stem];
  const stem: ConvNorm = { conv: 'conv1', norm: 'bn1', kernel, stride, inputs: 3, outputs: width };
  const bottleneck = depth === 50;
  /** Of each stage. */
  const blocks: Block[][] = [];
  let channels = width,
    outputStride = stride * (pool ? 2 : 1);
  const stages: { channels: number; stride: number }[] = [];
  strides.forEach((stageStride, stage) => {
    const inner: Block[] = [];
    for (let i = 0; i < (BLOCKS[depth][stage] ?? 0); i++) {
      inner.push(
        block(
          `layer${stage + 1}.${i}`,
          bottleneck,
          channels,
          width * 2 ** stage,
          i === 0 ? stageStride : 1,
        ),
      );
      channels = width * 2 ** stage * (bottleneck ? 4 : 1);
    }
    blocks.push(inner);
    outputStride *= stageStride;
    stages.push({ channels, stride: outputStride });
  });
  const layers = [
    stem,
    ...blocks.flat().flatMap((b) => (b.shortcut ? [...b.layers, b.shortcut] : b.layers)),
  ];
  const shapes: { params: Record<string, number[]>; stats: Record<string, number[]> } = {
    params: {},
    stats: {},
  };
  for (const layer of layers) {
    const { params, stats } = convNormShapes(layer);
    Object.assign(shapes.params, params);
    Object.assign(shapes.stats, stats);
  }

  const stagesBy =
    (order: GroupOrder): Encoder['applyStages'] =>
    (params, stats, x, training) => {
      const pass: Pass = {
        params,
        stats,
        training,
        newStats: {},
        groups: { count: batchNormGroups, order },
      };
      let y = relu(applyConvNorm(stem, x as Tensor4D, pass));
      // Zero padding is exact for a max-pool behind a ReLU, and 'valid' pooling has a native
      // gradient.
      if (pool)
        y = maxPool(
          tf.pad(y, [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ]),
          3,
          2,
          'valid',
        );
      const ys = blocks.map((stage) => {
        for (const { layers: inner, shortcut } of stage) {
          const skip = shortcut ? applyConvNorm(shortcut, y, pass) : y;
          inner.forEach((layer, i) => {
            y = applyConvNorm(layer, y, pass);
            if (i < inner.length - 1) y = relu(y);
          });
          y = relu(y.add(skip));
        }
        return y;
      });
      return { ys, stats: pass.newStats };
    };

  const networkBy = (order: GroupOrder): Pick<Encoder, 'apply' | 'applyStages'> => {
    const applyStages = stagesBy(order);
    return {
      applyStages,
      apply(params, stats, x, training) {
        const { ys, stats: newStats } = applyStages(params, stats, x, training);
        return { y: ys[ys.length - 1] as Tensor4D, stats: newStats };
      },
    };
  };
  return {
    channels,
    outputStride,
    stages,
    shapes,
    init(random) {
      const params: Record<string, Tensor> = {};
      const stats: Record<string, Tensor> = {};
      for (const layer of layers) initConvNorm(layer, random, params, stats);
      return { params, stats };
    },
    ...networkBy('interleaved'),
    forKeys: networkBy('across'),
  };
}
