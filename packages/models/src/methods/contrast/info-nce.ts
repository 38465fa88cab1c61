import {
  softmaxCrossEntropy,
  tf,
  type Rank,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@noisy-pairs/engine';
import { rince, type RinceConfig } from './rince.ts';

/** Rows scaled to length 1. @param x [B, D] */
export function unitRows(x: Tensor2D): Tensor2D {
  return x.mul<Tensor2D>(x.square().sum(1, true).add(1e-12).rsqrt());
}

/**
 * How far rows fill the sphere: their standard deviation over the batch times sqrt(D), 1 for random
 * unit rows, 0 for equal ones.
 * @param rows [N, D] unit rows
 */
export function spread(rows: Tensor2D): Scalar {
  return tf.moments(rows, 0).variance.sqrt().mean().mul<Scalar>(Math.sqrt(rows.shape[1]));
}

/**
 * Logits of contrast against a queue of negatives: [q.k, q.n_1, ..., q.n_K] / T.
 * @param q [N, D] unit queries
 * @param k [N, D] unit keys, one a query
 * @param queue [K, D] unit negatives
 * @param T temperature
 * @returns [N, 1 + K], the positive first
 */
export function contrastLogits(q: Tensor2D, k: Tensor2D, queue: Tensor2D, T: number): Tensor2D {
  const positive = q.mul(k).sum(1, true); // [N, 1]
  const negatives = q.matMul(queue, false, true); // [N, K]
  return tf.concat([positive, negatives], 1).div<Tensor2D>(T);
}

/**
 * Loss of each row of contrastLogits: InfoNCE (van den Oord et al. 2018; MoCo, equation 1), -log
 * softmax of the positive; or RINCE.
 * @returns [N]
 */
export function contrastLoss(logits: Tensor2D, robust?: RinceConfig): Tensor1D {
  return robust
    ? rince(logits, robust)
    : softmaxCrossEntropy(logits, tf.zeros<Rank.R1>([logits.shape[0]], 'int32'));
}

/** Logits that differ by less, relative to the largest, differ by rounding alone. */
const tie = 1e-5;

/**
 * Whether each row's positive has the highest logit; of n that share the highest, it has 1 / n: 1 /
 * (1 + K) where all embeddings are one.
 * @returns [N], 0..1
 */
export function contrastHits(logits: Tensor2D): Tensor1D {
  return tf.tidy(() => {
    const highest = logits.max(1, true); // [N, 1]
    const shared = logits.greaterEqual(highest.sub(highest.abs().mul(tie))).cast('float32');
    const positive = shared.slice([0, 0], [-1, 1]).reshape<Tensor1D>([-1]);
    return positive.div<Tensor1D>(tf.maximum(shared.sum(1), 1));
  });
}

/** Mean of contrastHits. */
export function contrastAccuracy(logits: Tensor2D): Scalar {
  return contrastHits(logits).mean();
}

/** Mean InfoNCE of queries against their keys and a queue, and the accuracy. See contrastLogits. */
export function infoNce(
  q: Tensor2D,
  k: Tensor2D,
  queue: Tensor2D,
  T: number,
): { loss: Scalar; accuracy: Scalar } {
  const logits = contrastLogits(q, k, queue, T);
  return { loss: contrastLoss(logits).mean(), accuracy: contrastAccuracy(logits) };
}
