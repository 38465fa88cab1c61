import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import { summarise } from './summary.ts';

/** A sample of differences that a t test can be made of: two or more that are not all the same. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n - 1 in the denominator, above 0. */
  readonly deviation: number;
}

/** Deviations below this, in units of the largest value, are of rounding alone. */
const rounding = 1e-12;

/**
 * @returns undefined where there is no t test: below two values, or all of them the same. Seeds
 * that agree to the last digit share what they should not; no certainty is drawn from that.
 */
export function spreadOf(differences: readonly number[]): Spread | undefined {
  if (differences.length < 2) return undefined;
  const { count, mean, standardDeviation } = summarise(differences);
  const largest = Math.max(...differences.map(Math.abs));
  const deviation = standardDeviation ?? 0;
  return deviation > rounding * Math.max(1, largest) ? { count, mean, deviation } : undefined;
}

/** Two-sided p value of Student's t test of a mean of 0. */
export function differenceP(spread: Spread): number {
  return 2 * Math.min(belowP(spread, 0), aboveP(spread, 0));
}

/** One-sided p value against a mean at or above the bound: small where it lies below. */
export function belowP(spread: Spread, bound: number): number {
  return cdf(tOf(spread, bound), spread.count - 1);
}

/** One-sided p value against a mean at or below the bound: small where it lies above. */
export function aboveP(spread: Spread, bound: number): number {
  return cdf(-tOf(spread, bound), spread.count - 1);
}

/**
 * p value of two one-sided tests (Schuirmann 1987; Lakens 2017): small where the mean lies within
 * -margin .. margin.
 */
export function equivalenceP(spread: Spread, margin: number): number {
  return Math.max(belowP(spread, margin), aboveP(spread, -margin));
}

/** Two-sided confidence interval of the mean at a level such as 0.95. */
export function intervalAt(
  { count, mean, deviation }: Spread,
  level: number,
): readonly [low: number, high: number] {
  const half = (quantile(0.5 + level / 2, count - 1) * deviation) / Math.sqrt(count);
  return [mean - half, mean + half];
}

function tOf({ count, mean, deviation }: Spread, bound: number): number {
  return ((mean - bound) * Math.sqrt(count)) / deviation;
}
