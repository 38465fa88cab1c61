import {
  adamUpdate,
  flattenTree,
  tf,
  unflattenTree,
  type Scalar,
  type Tensor,
  type TensorTree,
} from '@noisy-pairs/engine';

/** Scalars as tensors: they may change from step to step. */
export type AdamWRates = {
  readonly learningRate: Scalar;
  /** Decoupled from the gradient. */
  readonly weightDecay: Scalar;
  readonly beta1: Scalar;
  readonly beta2: Scalar;
  readonly epsilon: Scalar;
  /** beta1 to the power of the step's number, counted from 1. */
  readonly beta1Power: Scalar;
  readonly beta2Power: Scalar;
};

/** Parameters, and moving averages of their gradients and of these squared: all of one shape. */
export type AdamMoving<T extends TensorTree> = {
  readonly params: T;
  readonly moment1: T;
  readonly moment2: T;
};

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2, as torch has it): w <- w -
 * learningRate (weightDecay w + Adam's step). Pure: parameters, moments and gradients are borrowed,
 * results are the caller's. Moments start at zero.
 * @throws if a parameter has no gradient or no moments
 */
export function adamW<T extends TensorTree>(
  { params, moment1, moment2 }: AdamMoving<T>,
  gradients: T,
  rates: AdamWRates,
): AdamMoving<T> {
  return tf.tidy(() => {
    const slopes = flattenTree(gradients);
    const [firsts, seconds] = [flattenTree(moment1), flattenTree(moment2)];
    const next = { w: {}, m: {}, v: {} } as Record<'w' | 'm' | 'v', Record<string, Tensor>>;
    for (const [path, w] of Object.entries(flattenTree(params))) {
      const gradient = slopes[path];
      const m = firsts[path];
      const v = seconds[path];
      if (!gradient || !m || !v)
        throw new Error(
          `adamW: expected a gradient and moments for ${path}, got no ` +
            (gradient ? 'moments' : 'gradient'),
        );
      const decay = w.mul(rates.weightDecay.mul(rates.learningRate));
      const moved = adamUpdate(w, m, v, gradient, rates);
      next.w[path] = moved.w.sub(decay);
      next.m[path] = moved.m;
      next.v[path] = moved.v;
    }
    return {
      params: unflattenTree(next.w, params),
      moment1: unflattenTree(next.m, params),
      moment2: unflattenTree(next.v, params),
    };
  });
}
