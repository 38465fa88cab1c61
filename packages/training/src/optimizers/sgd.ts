import { flattenTree, tf, type Scalar, type Tensor, type TensorTree } from '@noisy-pairs/engine';
import { descend, type Moving } from './momentum.ts';

/** Scalars as tensors: they may change from step to step. */
export type SgdRates = {
  readonly learningRate: Scalar;
  readonly momentum: Scalar;
  /**
   * L2 on every parameter, batch-norm scales and biases included, as torch's SGD and MoCo have it.
   */
  readonly weightDecay: Scalar;
  /** Gradients are scaled down together to this norm if theirs is larger; absent = never. */
  readonly clipNorm?: Scalar;
};

/**
 * One step of torch's SGD: v <- momentum v + (gradient + weightDecay w); w <- w - learningRate v.
 * See descend.
 */
export function sgd<T extends TensorTree>(
  moving: Moving<T>,
  gradients: T,
  rates: SgdRates,
): Moving<T> {
  const { weightDecay, clipNorm } = rates;
  return tf.tidy(() => {
    const scale = clipNorm && clipScale(Object.values(flattenTree(gradients)), clipNorm);
    return descend('sgd', moving, gradients, rates, (w, gradient) =>
      (scale ? gradient.mul(scale) : gradient).add(w.mul(weightDecay)),
    );
  });
}

/** min(1, limit / norm), as torch's clip_grad_norm_. */
function clipScale(gradients: readonly Tensor[], limit: Scalar): Tensor {
  const squares = gradients.map((g) => g.square().sum());
  return tf.minimum(1, limit.div(tf.sqrt(tf.addN(squares)).add(1e-6)));
}
