import { adamUpdate, tf, type NamedTensors, type Scalar, type Tensor } from '@noisy-pairs/engine';

/** Scalars as tensors: they may change from step to step. */
export interface AdamWRates {
  readonly learningRate: Scalar;
  /** Decoupled from the gradient. */
  readonly weightDecay: Scalar;
  readonly beta1: Scalar;
  readonly beta2: Scalar;
  readonly epsilon: Scalar;
  /** beta1 to the power of the step's number, counted from 1. */
  readonly beta1Power: Scalar;
  readonly beta2Power: Scalar;
}

/** Moving averages of gradients and of their squares. */
export interface Moments {
  readonly first: NamedTensors;
  readonly second: NamedTensors;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2, as torch has it): w <- w -
 * learningRate (weightDecay w + Adam's step). Pure: parameters, gradients and moments are borrowed,
 * results are the caller's. Moments start at zero.
 * @throws if a parameter has no gradient or no moments
 */
export function adamW(
  params: NamedTensors,
  gradients: NamedTensors,
  moments: Moments,
  rates: AdamWRates,
): { params: NamedTensors; moments: Moments } {
  return tf.tidy(() => {
    const updated: {
      params: Record<string, Tensor>;
      first: Record<string, Tensor>;
      second: Record<string, Tensor>;
    } = { params: {}, first: {}, second: {} };
    for (const [name, w] of Object.entries(params)) {
      const gradient = gradients[name];
      const m = moments.first[name];
      const v = moments.second[name];
      if (!gradient || !m || !v)
        throw new Error(
          `adamW: expected a gradient and moments for ${name}, got no ` +
            (gradient ? 'moments' : 'gradient'),
        );
      const decay = w.mul(rates.weightDecay.mul(rates.learningRate));
      const next = adamUpdate(w, m, v, gradient, rates);
      updated.params[name] = next.w.sub(decay);
      updated.first[name] = next.m;
      updated.second[name] = next.v;
    }
    return { params: updated.params, moments: { first: updated.first, second: updated.second } };
  });
}
