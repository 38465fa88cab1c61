import {
  gatherRows,
  tf,
  type NamedTensors,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import {
  contrastAccuracy,
  contrastLogits,
  contrastLoss,
  spread,
  unitRows,
} from './contrast/info-nce.ts';
import { instanceBranch, instanceChance, randomLevel } from './contrast/instance-branch.ts';
import { matchingPoints } from './contrast/matching-points.ts';
import type { Method } from './method.ts';
import type { MocoConfig } from './moco.ts';
import { momentumContrast, type Branch } from './momentum-contrast.ts';
import type { Encoder } from '../networks/network.ts';
import { pyramidDecoder } from '../networks/pyramid-decoder.ts';

export interface VaderConfig extends MocoConfig {
  /**
   * Share of the loss that is MoCo's of whole images, 0..1; the rest is of pixels. 0 leaves that
   * branch out.
   */
  readonly instanceWeight: number;
  /** P: pixels an image that are contrasted in a step. */
  readonly points: number;
}

/** Mean over the pixels that have a match. @param losses, weights [N] @returns 0 if none has */
export function meanOfMatched(losses: Tensor1D, weights: Tensor1D): Scalar {
  return losses.mul(weights).sum().div<Scalar>(tf.maximum(weights.sum(), 1));
}

/**
 * Unit pixels at some points.
 * @param map [B h w, D]
 * @param cells [P] int32 rows of it
 * @returns [P, D]
 */
const pixelsAt = (map: Tensor2D, cells: Tensor1D) => unitRows(gatherRows(map, cells));

/**
 * Contrast of the two views' pixels at the same points, against a queue: InfoNCE or RINCE, mean
 * over the points that both views show.
 * @param qMap, kMap [B h w, D], of any length
 * @param points `queryCells`, `keyCells` [P] int32 rows of them, `pointWeights` [P] 0 or 1
 * @param queue [K, D] unit rows
 * @param T temperature
 */
export function pointContrast(
  qMap: Tensor2D,
  kMap: Tensor2D,
  { queryCells, keyCells, pointWeights }: NamedTensors,
  queue: Tensor2D,
  T: number,
  robust?: VaderConfig['robust'],
): { loss: Scalar; accuracy: Scalar; q: Tensor2D } {
  const q = pixelsAt(qMap, queryCells as Tensor1D);
  const logits = contrastLogits(q, pixelsAt(kMap, keyCells as Tensor1D), queue, T);
  return {
    loss: meanOfMatched(contrastLoss(logits, robust), pointWeights as Tensor1D),
    accuracy: contrastAccuracy(logits),
    q,
  };
}

/**
 * VADeR (Pinheiro et al. 2020) as we specify it, since no code of it is known to us and the paper's
 * details were not at hand: features of an encoder and a pyramid decoder; P points an image are
 * drawn from where the two views overlap; InfoNCE of the query's pixel at each point against the
 * key's and a queue of earlier keys' pixels. State: see momentumContrast; queues `pixelQueue` [K,
 * D] and, with an instance weight, `queue`. K must hold the B P keys of a step.
 */
export function vader(encoder: Encoder, config: VaderConfig): Method {
  const {
    instanceWeight: w,
    points,
    dimensions: D,
    hidden,
    queueSize,
    temperature: T,
    robust,
  } = config;
  if (!(w >= 0 && w <= 1))
    throw new Error(`vader instanceWeight: expected a number in 0..1, got ${w}`);
  if (!Number.isInteger(points) || points < 1)
    throw new Error(`vader points: expected a positive whole number, got ${points}`);
  if (!(T > 0)) throw new Error(`vader temperature: expected a number above 0, got ${T}`);
  const instance = w > 0 ? instanceBranch(encoder.channels, config, 'vader') : undefined;
  const decoder = pyramidDecoder(encoder.stages, { width: hidden, outputs: D });
  const finest = encoder.stages[0]?.stride ?? 1;
  const branch =
    ({ applyStages }: Pick<Encoder, 'applyStages'>): Branch =>
    (params: NamedTensors, stats: NamedTensors, x: Tensor4D) => {
      const { ys, stats: newStats } = applyStages(params, stats, x, true);
      // [B h w, D]
      const outputs: Record<string, Tensor> = { map: decoder.apply(params, ys).reshape([-1, D]) };
      if (instance) outputs['z'] = instance.embed(params, ys[ys.length - 1] as Tensor4D);
      return { outputs, stats: newStats };
    };
  return momentumContrast({
    name: 'vader',
    encoder,
    chanceLoss: instanceChance(config), // of pixels, and the same of images
    randomLoss: randomLevel(config),
    needsFrame: true,
    extras: {
      specs: (batch) => ({
        queryCells: { shape: [batch * points], dtype: 'int32' },
        keyCells: { shape: [batch * points], dtype: 'int32' },
        pointWeights: { shape: [batch * points], dtype: 'float32' },
      }),
      values: ({ frames, viewSize, random }) => ({
        ...matchingPoints(frames.query, frames.key, Math.ceil(viewSize / finest), points, random),
      }),
    },
    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      return {
        params: {
          ...params,
          ...decoder.init(random.split('decoder')).params,
          ...(instance?.head.init(random.split('head')).params ?? {}),
        },
        stats,
      };
    },
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    queues: {
      pixelQueue: { size: queueSize, dimensions: D },
      ...(instance ? { queue: instance.queue } : {}),
    },
    symmetric: false,
    loss(q, k, { pixelQueue, queue }, extras) {
      const {
        loss: pixels,
        accuracy,
        q: qPixels,
      } = pointContrast(
        q['map'] as Tensor2D,
        k['map'] as Tensor2D,
        extras,
        pixelQueue as Tensor2D,
        T,
        robust,
      );
      const metrics: Record<string, Tensor> = {
        denseLoss: pixels,
        accuracy,
        featureStd: spread(qPixels),
        overlap: (extras['pointWeights'] as Tensor1D).mean(),
      };
      if (!instance) return { loss: pixels, metrics };
      const global = instance.loss(q['z'] as Tensor2D, k['z'] as Tensor2D, queue as Tensor2D);
      return {
        loss: global.loss.mul(w).add<Scalar>(pixels.mul(1 - w)),
        metrics: { ...metrics, instanceLoss: global.loss },
      };
    },
    enqueue: ({ map, z }, { keyCells }) => ({
      pixelQueue: pixelsAt(map as Tensor2D, keyCells as Tensor1D),
      ...(instance ? { queue: z as Tensor2D } : {}),
    }),
  });
}
