import {
  momentumUpdate,
  tf,
  type NamedTensors,
  type Scalar,
  type Tensor,
} from '@noisy-pairs/engine';

/** Share of a layer's weight norm that a step of learning rate 1 may move it by. */
const trust = 0.001;

/** Scalars as tensors: they may change from step to step. */
export interface LarsRates {
  readonly learningRate: Scalar;
  readonly momentum: Scalar;
  /** L2, on tensors of two and more dimensions. */
  readonly weightDecay: Scalar;
}

/**
 * One step of LARS (You, Gitman and Ginsburg 2017), as PixPro's code has it: g <- gradient +
 * weightDecay w; g <- 0.001 |w| / |g| g (where both norms are above 0); then SGD with momentum.
 * Biases and batch-norm scales (one dimension) get neither decay nor the ratio. Pure: parameters,
 * gradients and velocity are borrowed, results are the caller's. Velocity starts at zero.
 * @throws if a parameter has no gradient or no velocity
 */
export function lars(
  params: NamedTensors,
  gradients: NamedTensors,
  velocity: NamedTensors,
  rates: LarsRates,
): { params: NamedTensors; velocity: NamedTensors } {
  return tf.tidy(() => {
    const updated: { params: Record<string, Tensor>; velocity: Record<string, Tensor> } = {
      params: {},
      velocity: {},
    };
    for (const [name, w] of Object.entries(params)) {
      const gradient = gradients[name];
      const v = velocity[name];
      if (!gradient || !v)
        throw new Error(
          `lars: expected a gradient and a velocity for ${name}, got no ` +
            (gradient ? 'velocity' : 'gradient'),
        );
      const pull = w.rank < 2 ? gradient : adapted(w, gradient.add(w.mul(rates.weightDecay)));
      const next = momentumUpdate(w, v, pull, rates.learningRate, rates.momentum);
      updated.velocity[name] = next.v;
      updated.params[name] = next.w;
    }
    return updated;
  });
}

/** The pull, brought to a length of `trust` times that of the weights. */
function adapted(w: Tensor, pull: Tensor): Tensor {
  const lengths = [w, pull].map((x) => x.square().sum().sqrt()) as [Tensor, Tensor];
  const [weight, length] = lengths;
  const both = weight.greater(0).logicalAnd(length.greater(0));
  const ratio = weight.mul(trust).div(tf.where(both, length, tf.onesLike(length)));
  return pull.mul(tf.where(both, ratio, tf.onesLike(ratio)));
}
