import {
  momentumUpdate,
  tf,
  type NamedTensors,
  type Scalar,
  type Tensor,
} from '@noisy-pairs/engine';

/** Scalars as tensors: they may change from step to step. */
export interface SgdRates {
  readonly learningRate: Scalar;
  readonly momentum: Scalar;
  /**
   * L2 on every parameter, batch-norm scales and biases included, as torch's SGD and MoCo have it.
   */
  readonly weightDecay: Scalar;
  /** Gradients are scaled down together to this norm if theirs is larger; absent = never. */
  readonly clipNorm?: Scalar;
}

/**
 * One step of torch's SGD: v <- momentum v + (gradient + weightDecay w); w <- w - learningRate v.
 * Pure: parameters, gradients and velocity are borrowed, results are the caller's. Velocity starts
 * at zero.
 * @throws if a parameter has no gradient or no velocity
 */
export function sgd(
  params: NamedTensors,
  gradients: NamedTensors,
  velocity: NamedTensors,
  rates: SgdRates,
): { params: NamedTensors; velocity: NamedTensors } {
  return tf.tidy(() => {
    const scale = rates.clipNorm && clipScale(Object.values(gradients), rates.clipNorm);
    const updated: { params: Record<string, Tensor>; velocity: Record<string, Tensor> } = {
      params: {},
      velocity: {},
    };
    for (const [name, w] of Object.entries(params)) {
      const gradient = gradients[name];
      const v = velocity[name];
      if (!gradient || !v)
        throw new Error(
          `sgd: expected a gradient and a velocity for ${name}, got no ` +
            (gradient ? 'velocity' : 'gradient'),
        );
      const pull = (scale ? gradient.mul(scale) : gradient).add(w.mul(rates.weightDecay));
      const next = momentumUpdate(w, v, pull, rates.learningRate, rates.momentum);
      updated.velocity[name] = next.v;
      updated.params[name] = next.w;
    }
    return updated;
  });
}

/** min(1, limit / norm), as torch's clip_grad_norm_. */
function clipScale(gradients: readonly Tensor[], limit: Scalar): Tensor {
  const squares = gradients.map((g) => g.square().sum());
  return tf.minimum(1, limit.div(tf.sqrt(tf.addN(squares)).add(1e-6)));
}
