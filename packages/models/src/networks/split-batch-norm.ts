import {
  batchNormTrain,
  tf,
  type RunningStatistics,
  type Tensor1D,
  type Tensor4D,
} from '@noisy-pairs/engine';

/**
 * How a batch of B is cut into its S groups: interleaved, image n in group n mod S, as in MoCo's
 * notebook on CIFAR-10; or across, image n in group floor(n S / B), so that each group shares as
 * little as can be with each interleaved one.
 */
export type GroupOrder = 'interleaved' | 'across';

/**
 * Batch normalisation by the statistics of parts of the batch (SplitBatchNorm of MoCo's CIFAR-10
 * notebook, cell 8): what several devices would compute, on one.
 * @param x [B, H, W, C], B a multiple of `groups`
 * @param gamma [C]
 * @param beta [C]
 * @returns y [B, H, W, C]; mean and variance [C]: the groups' new running statistics (see
 *   batchNormTrain), averaged. Only y carries a gradient.
 * @throws if B is no multiple of `groups`
 */
export function splitBatchNorm(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  running: RunningStatistics,
  groups: number,
  order: GroupOrder = 'interleaved',
): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D } {
  if (groups === 1) return batchNormTrain(x, gamma, beta, running);
  const [b, h, w, c] = x.shape;
  if (b % groups !== 0)
    throw new Error(
      `batch norm groups: expected a batch that is a multiple of ${groups}, got ${b}`,
    );
  return tf.tidy(() => {
    // Side by side, group n mod S is a band of rows: [B / S, S H, W, C].
    const interleaved = order === 'interleaved';
    const bands = interleaved ? x.reshape<Tensor4D>([b / groups, groups * h, w, c]) : x;
    const parts = tf
      .split<Tensor4D>(bands, groups, interleaved ? 1 : 0)
      .map((part) => batchNormTrain(part, gamma, beta, running));
    const average = (tensors: Tensor1D[]) => tf.addN(tensors).div<Tensor1D>(groups);
    return {
      y: tf
        .concat(
          parts.map(({ y }) => y),
          interleaved ? 1 : 0,
        )
        .reshape<Tensor4D>([b, h, w, c]),
      mean: average(parts.map(({ mean }) => mean)),
      variance: average(parts.map(({ variance }) => variance)),
    };
  });
}
