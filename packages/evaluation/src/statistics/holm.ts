/** A p value among others that are tested together. */
export interface Holm {
  /** Adjusted p value: rejected at a level where it is at most that. */
  readonly adjusted: number;
  /**
   * The number that the level is divided by in its own test; of those that are not rejected, the
   * number where the procedure stopped. An interval at 1 - level / divisor agrees with the outcome.
   */
  readonly divisor: number;
  readonly rejected: boolean;
}

/**
 * Holm's step-down procedure (Holm 1979, Scand. J. Statist. 6): the chance of rejecting any true
 * hypothesis is at most the level, however the tests depend on each other.
 * @param ps null where there is no test: it counts as one that rejects nothing
 */
export function holm(ps: readonly (number | null)[], level: number): Holm[] {
  const sorted = ps.map((p, index) => ({ p: p ?? 1, index })).sort((a, b) => a.p - b.p);
  const results: Holm[] = [];
  let adjusted = 0;
  let stoppedAt: number | undefined;
  for (const [rank, { p, index }] of sorted.entries()) {
    const step = ps.length - rank;
    adjusted = Math.max(adjusted, Math.min(1, step * p));
    const rejected = adjusted <= level;
    if (!rejected) stoppedAt ??= step;
    results[index] = { adjusted, divisor: stoppedAt ?? step, rejected };
  }
  return results;
}
