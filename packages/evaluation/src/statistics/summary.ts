import quantile from '@stdlib/stats-base-dists-t-quantile';

/** A sample over seeds, summed up. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** With n - 1 in the denominator; null for a single value. */
  readonly standardDeviation: number | null;
  /**
   * 95 % confidence interval of the mean by Student's t with n - 1 degrees of freedom; null for a
   * single value.
   */
  readonly interval95: readonly [number, number] | null;
}

/** @throws if there are no values, or one that is not finite. */
export function summarise(values: readonly number[]): Summary {
  const count = values.length;
  if (count === 0) throw new Error('summarise: expected one value or more, got none');
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new Error(`summarise: expected finite values, got ${bad}`);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, standardDeviation: null, interval95: null };
  const standardDeviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1),
  );
  const half = (quantile(0.975, count - 1) * standardDeviation) / Math.sqrt(count);
  return { count, mean, standardDeviation, interval95: [mean - half, mean + half] };
}

/**
 * Differences `treated - baseline` of runs that share a seed: the paired comparison, in which what
 * the seeds have in common (data, start) cancels out. Seeds that only one side has are left out.
 */
export function pairedDifferences(
  treated: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
): number[] {
  return [...treated].flatMap(([seed, value]) => {
    const base = baseline.get(seed);
    return base === undefined ? [] : [value - base];
  });
}

/**
 * The paired differences, summed up; `count` says how many there were.
 * @throws if no seed is on both sides.
 */
export function pairedDifference(
  treated: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
): Summary {
  const differences = pairedDifferences(treated, baseline);
  if (differences.length === 0)
    throw new Error(
      `paired difference: expected a seed in both, got ${[...treated.keys()].join(', ')} and ` +
        [...baseline.keys()].join(', '),
    );
  return summarise(differences);
}
