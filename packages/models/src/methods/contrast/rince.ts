import { tf, type Tensor1D, type Tensor2D } from '@noisy-pairs/engine';

export interface RinceConfig {
  /**
   * q in 0..1: towards 0 it is InfoNCE, 1 weighs all pairs alike and so forgives false ones most.
   */
  readonly q: number;
  /** lambda, 0..1: weight of positives and negatives together. */
  readonly lambda: number;
}

/**
 * Robust InfoNCE (Chuang et al. 2022, equation 5): -P^q / q + (lambda (P + N))^q / q, P =
 * e^positive, N = sum of e^negative.
 * @param logits [N, 1 + K], divided by the temperature, the positive first
 * @returns [N]
 * @throws if q or lambda is not in 0..1, or is 0
 */
export function rince(logits: Tensor2D, { q, lambda }: RinceConfig): Tensor1D {
  for (const [name, value] of Object.entries({ q, lambda }))
    if (!(value > 0 && value <= 1))
      throw new Error(`RINCE ${name}: expected a number above 0 and up to 1, got ${value}`);
  // In logarithms, so that low temperatures do not overflow: (lambda S)^q = e^(q (log lambda + log
  // S)).
  const positive = logits.slice([0, 0], [-1, 1]).reshape<Tensor1D>([-1]);
  const all = tf.logSumExp<Tensor1D>(logits, 1);
  return all
    .add(Math.log(lambda))
    .mul(q)
    .exp()
    .sub<Tensor1D>(positive.mul(q).exp())
    .div<Tensor1D>(q);
}
