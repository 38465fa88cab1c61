import {
  gatherRows,
  tf,
  type NamedTensors,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { contrastLogits, contrastLoss, spread, unitRows } from './contrast/info-nce.ts';
import { instanceBranch, instanceChance, randomLevel } from './contrast/instance-branch.ts';
import type { Method } from './method.ts';
import type { MocoConfig } from './moco.ts';
import { momentumContrast, type Branch } from './momentum-contrast.ts';
import type { Encoder } from '../networks/network.ts';
import { denseHead } from '../networks/pixel-head.ts';
import { cosines, unitPixels } from './contrast/pixel-match.ts';

export interface DenseClConfig extends MocoConfig {
  /**
   * Share of the loss that is MoCo's of whole images, 0..1; the rest is of pixels. The paper's is
   * 0.5.
   */
  readonly instanceWeight: number;
}

/**
 * For each pixel of the query, the pixel of the key that is most like it, by features of the
 * encoder.
 * @param qb, kb [B, N, C] features, of any length
 * @returns [B, N] int32
 */
export function matchPixels(qb: Tensor3D, kb: Tensor3D): Tensor2D {
  // Without a gradient: going back through an argMax costs as much as the rest of the loss, and is
  // zero.
  const match = tf.customGrad((q, k) => ({
    value: cosines(unitPixels(q as Tensor3D), unitPixels(k as Tensor3D)).argMax<Tensor2D>(2),
    gradFunc: () => [tf.zeros(qb.shape), tf.zeros(kb.shape)],
  }));
  return match(qb, kb);
}

/**
 * The query's pixels and, for each, the key's that it matches.
 * @param qb, kb, qg, kg as of denseClLoss
 * @returns q, k [B * N, D] unit rows
 */
export function matchedPixels(
  qb: Tensor3D,
  kb: Tensor3D,
  qg: Tensor3D,
  kg: Tensor3D,
): { q: Tensor2D; k: Tensor2D } {
  const [b, n, d] = qg.shape;
  // Rows of all images under each other: pixel j of image i is row i n + j.
  const offsets = tf.range(0, b, 1, 'int32').mul(tf.scalar(n, 'int32')).expandDims(1);
  const rows = matchPixels(qb, kb).add(offsets).reshape<Tensor1D>([-1]);
  return {
    q: unitPixels(qg).reshape([b * n, d]),
    k: gatherRows(unitPixels(kg).reshape([b * n, d]), rows),
  };
}

/**
 * DenseCL's contrast of pixels (Wang et al. 2021, equation 2): each against the one that it
 * matches, and the queue.
 * @param qb, kb [B, N, C] encoder features
 * @param qg, kg [B, N, D] of the dense heads, of any length
 * @param queue [K, D] unit rows
 * @param T temperature
 */
export function denseClLoss(
  qb: Tensor3D,
  kb: Tensor3D,
  qg: Tensor3D,
  kg: Tensor3D,
  queue: Tensor2D,
  T: number,
  robust?: DenseClConfig['robust'],
): Scalar {
  const { q, k } = matchedPixels(qb, kb, qg, kg);
  return contrastLoss(contrastLogits(q, k, queue, T), robust).mean();
}

/**
 * What DenseCL's second queue gets: one vector an image, the mean of its pixels before they are
 * normalised (densecl.py; AdelaiDet#277).
 * @param kg [B, N, D]
 * @returns [B, D] unit rows
 */
export function pooledKeys(kg: Tensor3D): Tensor2D {
  return unitRows(kg.mean<Tensor2D>(1));
}

/**
 * DenseCL (Wang et al. 2021), as WXinlong/DenseCL `densecl.py`. Needs no coordinates, so that it
 * works on any two images, false pairs included. State: see momentumContrast; queues `queue` (whole
 * images) and `denseQueue` [K, D].
 */
export function denseCl(encoder: Encoder, config: DenseClConfig): Method {
  const { instanceWeight: w, dimensions: D, hidden, queueSize, temperature: T, robust } = config;
  if (!(w >= 0 && w <= 1))
    throw new Error(`densecl instanceWeight: expected a number in 0..1, got ${w}`);
  const instance = instanceBranch(encoder.channels, config, 'densecl');
  const dense = denseHead({ inputs: encoder.channels, hidden, outputs: D });
  const branch =
    ({ apply }: Pick<Encoder, 'apply'>): Branch =>
    (params: NamedTensors, stats: NamedTensors, x: Tensor4D) => {
      const { y, stats: newStats } = apply(params, stats, x, true); // [B, h, w, C]
      const [b, h, width, c] = y.shape;
      const map = dense.apply(params, {}, y, true).y;
      return {
        outputs: {
          z: instance.embed(params, y),
          features: y.reshape([b, h * width, c]),
          dense: map.reshape([b, h * width, D]),
        },
        stats: newStats,
      };
    };
  return momentumContrast({
    name: 'densecl',
    encoder,
    chanceLoss: instanceChance(config), // the same for pixels, whose negatives are as many
    randomLoss: randomLevel(config),
    needsFrame: false,
    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      return {
        params: {
          ...params,
          ...instance.head.init(random.split('head')).params,
          ...dense.init(random.split('dense')).params,
        },
        stats,
      };
    },
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    queues: { queue: instance.queue, denseQueue: { size: queueSize, dimensions: D } },
    symmetric: false,
    loss(q, k, { queue, denseQueue }) {
      const global = instance.loss(q['z'] as Tensor2D, k['z'] as Tensor2D, queue as Tensor2D);
      const pixels = denseClLoss(
        q['features'] as Tensor3D,
        k['features'] as Tensor3D,
        q['dense'] as Tensor3D,
        k['dense'] as Tensor3D,
        denseQueue as Tensor2D,
        T,
        robust,
      );
      return {
        loss: global.loss.mul(w).add<Scalar>(pixels.mul(1 - w)),
        metrics: {
          accuracy: global.accuracy,
          instanceLoss: global.loss,
          denseLoss: pixels,
          featureStd: spread(unitPixels(q['dense'] as Tensor3D).reshape<Tensor2D>([-1, D])),
        },
      };
    },
    enqueue: ({ z, dense: map }) => ({
      queue: z as Tensor2D,
      denseQueue: pooledKeys(map as Tensor3D),
    }),
  });
}
