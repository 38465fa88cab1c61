import normal from '@stdlib/stats-base-dists-normal-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** A test of n differences by t, and what is assumed of them. */
export interface Planned {
  /** Number of differences, two or more. */
  readonly count: number;
  /** Standard deviation of a difference, above 0. */
  readonly deviation: number;
  /** Level of the test: 0.05, or less where it is one of several. */
  readonly level: number;
}

/** The power that a planned test should have (Cohen 1988). */
const usualPower = 0.8;

/**
 * Power of the two-sided t test of a mean of 0 where it is `effect`: the tails of the noncentral t
 * distribution, as the mean of normal probabilities over the chi distribution of the deviation.
 */
export function differencePower({ count, deviation, level }: Planned, effect: number): number {
  const shift = (effect * Math.sqrt(count)) / deviation;
  const critical = quantile(1 - level / 2, count - 1);
  return overDeviations(count - 1, (s) => phi(shift - critical * s) + phi(-shift - critical * s));
}

/**
 * Power of two one-sided tests to find a mean within the margin where it is `effect` (Phillips
 * 1990), exact as above.
 */
export function equivalencePower(
  { count, deviation, level }: Planned,
  margin: number,
  effect = 0,
): number {
  const scale = Math.sqrt(count) / deviation;
  const critical = quantile(1 - level, count - 1);
  const [low, high] = [(-margin - effect) * scale, (margin - effect) * scale];
  return overDeviations(count - 1, (s) =>
    Math.max(0, phi(high - critical * s) - phi(low + critical * s)),
  );
}

/** The smallest effect, above 0, that the two-sided t test shows with that power. */
export function smallestEffect(planned: Planned, power = usualPower): number {
  let high = planned.deviation / Math.sqrt(planned.count);
  while (differencePower(planned, high) < power) high *= 2;
  let low = 0;
  while (high - low > 1e-5 * high) {
    const middle = (low + high) / 2;
    if (differencePower(planned, middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** More seeds than anybody will run. */
const mostSeeds = 100_000;

/**
 * The smallest number of differences for which a test has that power, by bisection, since power
 * grows with them.
 * @param powerOf the test's power with so many differences
 * @returns Infinity above 100,000
 */
export function seedsFor(powerOf: (count: number) => number, power = usualPower): number {
  let high = 2;
  while (powerOf(high) < power) {
    if (high > mostSeeds) return Infinity;
    high *= 2;
  }
  let low = 1; // too few, or not a test
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

const phi = (x: number) => normal(x, 0, 1);

/**
 * Mean of f(s / sigma) over the deviations s that samples of so many degrees of freedom have:
 * Simpson's rule over the chi distribution, cut off 10 of its deviations (each about 0.7) from its
 * middle, with more points at small s, where few degrees of freedom make f steep. The density goes
 * by its logarithm, so that no number of seeds is too large.
 */
function overDeviations(freedom: number, f: (ratio: number) => number): number {
  const middle = Math.sqrt(freedom);
  const low = Math.max(1e-12, middle - 7);
  const steps = 800;
  const width = Math.sqrt(middle + 7 - low) / steps;
  const logDensity = (chi: number) => (freedom - 1) * Math.log(chi) - chi ** 2 / 2;
  let sum = 0;
  let weights = 0;
  for (let i = 0; i <= steps; i++) {
    const root = i * width; // chi = low + root ** 2, d chi = 2 root d root
    const chi = low + root ** 2;
    const simpson = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    const weight = simpson * root * Math.exp(logDensity(chi) - logDensity(middle));
    sum += weight * f(chi / middle);
    weights += weight;
  }
  return sum / weights;
}
