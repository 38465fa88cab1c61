import { attribute, types, type Attribute } from '../attributes.ts';
import { backend } from '../native.ts';
import { tf, type Tensor, type Tensor1D, type Tensor4D } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

const attributesOf = (epsilon: number, training: boolean): Attribute[] => [
  attribute.type('T', types.float32),
  attribute.type('U', types.float32),
  attribute.float('epsilon', epsilon),
  attribute.string('data_format', 'NHWC'),
  attribute.bool('is_training', training),
];

interface BatchNormInputs extends Readonly<Record<string, Tensor>> {
  readonly x: Tensor4D;
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

const runBatchNorm = defineKernel({
  name: 'NoisyPairsBatchNorm',
  forward: (
    { x, gamma, beta, mean, variance }: BatchNormInputs,
    { epsilon, share }: { epsilon: number; share: number },
  ) =>
    backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [...attributesOf(epsilon, true), attribute.float('exponential_avg_factor', share)],
      [x, gamma, beta, mean, variance],
      6,
    ),
  savedInputs: ['x', 'gamma'],
  savedOutputs: [false, false, false, true, true, true],
  backward({ dy, inputs: { x, gamma }, outputs, attributes: { epsilon } }) {
    // One native op yields all three gradients, so it runs here, in the scope of the whole backward
    // pass, and not in the scope that tfjs makes for each gradient that it asks for (some it may
    // never ask for).
    const gradients = backend.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      attributesOf(epsilon, true),
      [dy, x, gamma, ...outputs],
      5,
    );
    const gradient = (i: number) => () => gradients[i] as Tensor;
    // y does not depend on the running statistics, which may come from an earlier pass through the
    // same layer.
    const none = () => tf.zerosLike(gamma);
    return { x: gradient(0), gamma: gradient(1), beta: gradient(2), mean: none, variance: none };
  },
});

/**
 * Running statistics, and the share of a batch's own in the new ones (torch's momentum), above 0.
 */
export interface RunningStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
  readonly share: number;
}

/**
 * Batch normalisation by the statistics of the batch itself (Ioffe and Szegedy 2015), native
 * forward and backward.
 * @param x [B, H, W, C]
 * @param gamma [C]
 * @param beta [C]
 * @returns y [B, H, W, C]; mean and variance [C]: (1 - share) old + share batch, the batch's
 *   variance unbiased. Only y carries a gradient.
 * @throws if the share is not in (0, 1]: the native op takes 0 for 1
 */
export function batchNormTrain(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  running: RunningStatistics,
  epsilon = 1e-5,
): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D } {
  const { mean, variance, share } = running;
  if (!(share > 0 && share <= 1))
    throw new Error(`batchNormTrain share: expected a number above 0 and at most 1, got ${share}`);
  // What the op reserves for its gradient is freed on the way out: the tape holds copies of its
  // own.
  return tf.tidy(() => {
    const outputs = runBatchNorm({ x, gamma, beta, mean, variance }, { epsilon, share });
    const [y, newMean, newVariance] = outputs as [Tensor4D, Tensor1D, Tensor1D];
    return { y, mean: newMean, variance: newVariance };
  });
}

/**
 * Batch normalisation by given (running) statistics; differentiable with respect to x, gamma and
 * beta.
 */
export function batchNormInference(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  mean: Tensor1D,
  variance: Tensor1D,
  epsilon = 1e-5,
): Tensor4D {
  return tf.tidy(() => {
    const scale = gamma.mul(variance.add(epsilon).rsqrt());
    return x.mul(scale).add(beta.sub(mean.mul(scale)));
  });
}
