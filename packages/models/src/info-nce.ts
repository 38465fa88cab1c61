import { softmaxCrossEntropy, tf, type Rank, type Scalar, type Tensor2D } from '@noisy-pairs/engine';

/** Rows scaled to length 1. @param x [B, D] */
export function unitRows(x: Tensor2D): Tensor2D {
  return x.mul<Tensor2D>(x.square().sum(1, true).add(1e-12).rsqrt());
}

/**
 * InfoNCE against a queue of negatives (van den Oord et al. 2018; MoCo, equation 1): the mean over rows of -log softmax of the positive among
 * [q.k, q.n_1, ..., q.n_K] / T.
 * @param q [B, D] unit queries @param k [B, D] unit keys, one a query @param queue [K, D] unit negatives @param T temperature
 * @returns loss, and the share of rows whose positive has the highest logit
 */
export function infoNce(q: Tensor2D, k: Tensor2D, queue: Tensor2D, T: number): { loss: Scalar; accuracy: Scalar } {
  const positive = q.mul(k).sum(1, true); // [B, 1]
  const negatives = q.matMul(queue, false, true); // [B, K]
  const logits = tf.concat([positive, negatives], 1).div<Tensor2D>(T); // [B, 1 + K]
  const labels = tf.zeros<Rank.R1>([q.shape[0]], 'int32');
  return { loss: softmaxCrossEntropy(logits, labels).mean(), accuracy: logits.argMax(1).equal(labels).cast('float32').mean() };
}
