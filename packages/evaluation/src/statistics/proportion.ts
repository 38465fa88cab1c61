/** Quantile 0.975 of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * A share of items, with Wilson's 95 % interval (1927), which holds for few items, too.
 */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly value: number;
  readonly interval95: readonly [number, number];
}

/** @throws if `count` is not in 0..of, or `of` is 0 */
export function wilsonShare(count: number, of: number): Share {
  if (!Number.isInteger(of) || of < 1 || !Number.isInteger(count) || count < 0 || count > of)
    throw new Error(`share: expected a count in 0..${of} of at least one, got ${count} of ${of}`);
  const value = count / of;
  const centre = (value + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half =
    (z / (1 + (z * z) / of)) * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  // Of none and of all, the bound is 0 and 1; sums of floats are not.
  const low = count === 0 ? 0 : centre - half;
  const high = count === of ? 1 : centre + half;
  return { count, of, value, interval95: [low, high] };
}

/**
 * Probability of `count` successes or more in independent trials of these probabilities
 * (Poisson's binomial distribution, summed exactly).
 */
export function successesP(count: number, probabilities: readonly number[]): number {
  const chances = new Float64Array(probabilities.length + 1);
  chances[0] = 1;
  probabilities.forEach((probability, trials) => {
    for (let k = trials + 1; k > 0; k--)
      chances[k] =
        (chances[k] as number) * (1 - probability) + (chances[k - 1] as number) * probability;
    chances[0] = (chances[0] as number) * (1 - probability);
  });
  return chances.subarray(Math.max(0, count)).reduce((sum, chance) => sum + chance, 0);
}
