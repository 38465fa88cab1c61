import {
  gatherRows,
  tf,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@noisy-pairs/engine';
import type { Encoder } from '../networks/network.ts';
import { denseHead } from '../networks/pixel-head.ts';
import { contrastLogits, contrastLoss, spread, unitRows } from './contrast/info-nce.ts';
import { instanceBranch, instanceChance, randomLevel } from './contrast/instance-branch.ts';
import {
  checkInstanceWeight,
  weighedLoss,
  type InstanceWeight,
} from './contrast/instance-weight.ts';
import { cosines, unitPixels } from './contrast/pixel-match.ts';
import type { Method, NoExtras } from './method.ts';
import type { MocoConfig } from './moco.ts';
import { momentumContrast, type Branch, type ContrastState } from './momentum-contrast.ts';

/** The paper's instance weight is 0.5. */
export interface DenseClConfig extends MocoConfig, InstanceWeight {}

/**
 * For each pixel of the query, the pixel of the key that is most like it, by features of the
 * encoder.
 * @param qb, kb [B, N, C] features, of any length
 * @returns [B, N] int32
 */
export function matchPixels(qb: Tensor3D, kb: Tensor3D): Tensor2D {
  // Without a gradient: going back through an argMax costs as much as the rest of the loss, and is
  // zero.
  const match = tf.customGrad(() => ({
    value: cosines(unitPixels(qb), unitPixels(kb)).argMax<Tensor2D>(2),
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
 * The keys for DenseCL's second queue: one vector an image, the mean of its pixels before they are
 * normalised (densecl.py; AdelaiDet#277).
 * @param kg [B, N, D]
 * @returns [B, D] unit rows
 */
export function pooledKeys(kg: Tensor3D): Tensor2D {
  return unitRows(kg.mean<Tensor2D>(1));
}

/** N pixels are the feature map's, row by row. */
type Outputs = {
  /** Whole images, [B, D] unit rows. */
  readonly z: Tensor2D;
  /** The encoder's features, [B, N, C]. */
  readonly features: Tensor3D;
  /** The dense head's, [B, N, D], of any length. */
  readonly dense: Tensor3D;
};

/** Keys of whole images, and of images' pixels together, [K, D] both. */
type DenseClQueues = { readonly queue: Tensor2D; readonly denseQueue: Tensor2D };

/**
 * DenseCL (Wang et al. 2021), as WXinlong/DenseCL `densecl.py`. Needs no coordinates, so that it
 * works on any two images, false pairs included.
 */
export function denseCl(
  encoder: Encoder,
  config: DenseClConfig,
): Method<ContrastState<DenseClQueues>, NoExtras> {
  const { instanceWeight: w, dimensions: D, hidden, queueSize, temperature: T, robust } = config;
  checkInstanceWeight('densecl', config);
  const instance = instanceBranch(encoder.channels, config, 'densecl');
  const dense = denseHead({ inputs: encoder.channels, hidden, outputs: D });
  const branch =
    ({ apply }: Pick<Encoder, 'apply'>): Branch<Outputs> =>
    (params, stats, x) => {
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
  return momentumContrast<Outputs, DenseClQueues>({
    name: 'densecl',
    config,
    encoder,
    chanceLoss: instanceChance(config), // the same for pixels, whose negatives are as many
    randomLoss: randomLevel(config),
    needsFrame: false,
    heads: { head: instance.head, dense },
    queues: {
      queue: instance.queue,
      denseQueue: { size: queueSize, keysAnImage: 1, dimensions: D },
    },
    imageQueue: 'queue',
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    loss(q, k, { queue, denseQueue }) {
      const images = instance.contrast(q.z, k.z, queue);
      const pixels = denseClLoss(q.features, k.features, q.dense, k.dense, denseQueue, T, robust);
      return {
        loss: weighedLoss(w, images.loss, pixels),
        metrics: {
          accuracy: images.accuracy,
          instanceLoss: images.loss,
          denseLoss: pixels,
          featureStd: spread(unitPixels(q.dense).reshape<Tensor2D>([-1, D])),
        },
      };
    },
    enqueue: (k) => ({ queue: k.z, denseQueue: pooledKeys(k.dense) }),
  });
}
