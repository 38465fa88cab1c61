import { tf, type Scalar, type Tensor, type TensorTree } from '@noisy-pairs/engine';
import { descend, type Moving } from './momentum.ts';

/** Share of a layer's weight norm that a step of learning rate 1 may move it by. */
const trust = 0.001;

/** Scalars as tensors: they may change from step to step. */
export type LarsRates = {
  readonly learningRate: Scalar;
  readonly momentum: Scalar;
  /** L2, on tensors of two and more dimensions. */
  readonly weightDecay: Scalar;
};

/**
 * One step of LARS (You, Gitman and Ginsburg 2017), as PixPro's code has it: g <- gradient +
 * weightDecay w; g <- 0.001 |w| / |g| g (where both norms are above 0); then SGD with momentum.
 * Biases and batch-norm scales (one dimension) get neither decay nor the ratio. See descend.
 */
export function lars<T extends TensorTree>(
  moving: Moving<T>,
  gradients: T,
  rates: LarsRates,
): Moving<T> {
  return tf.tidy(() =>
    descend('lars', moving, gradients, rates, (w, gradient) =>
      w.rank < 2 ? gradient : adapted(w, gradient.add(w.mul(rates.weightDecay))),
    ),
  );
}

/** The pull, brought to a length of `trust` times that of the weights. */
function adapted(w: Tensor, pull: Tensor): Tensor {
  const weight = lengthOf(w);
  const length = lengthOf(pull);
  const both = weight.greater(0).logicalAnd(length.greater(0));
  const ratio = weight.mul(trust).div(tf.where(both, length, tf.onesLike(length)));
  return pull.mul(tf.where(both, ratio, tf.onesLike(ratio)));
}

const lengthOf = (x: Tensor): Tensor => x.square().sum().sqrt();
