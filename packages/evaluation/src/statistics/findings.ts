import { holm, type Holm } from './holm.ts';
import { differenceP, equivalenceP, intervalAt, spreadOf, type Spread } from './t-test.ts';

/**
 * gain, harm: the mean difference is not 0. equivalent: it lies within the margin (even if it is
 * not 0: then `direction` says so). unclear: neither can be told.
 */
export type FindingOutcome = 'gain' | 'harm' | 'equivalent' | 'unclear';

/** One of two tests of a setting: p by itself, and by Holm among those of all settings. */
export interface TestP {
  readonly raw: number;
  readonly adjusted: number;
}

/** The finding from a setting's differences, one a seed, among those of other settings. */
export interface Finding {
  readonly outcome: FindingOutcome;
  /** The sign of the mean where it is told from 0 by its own test, whatever the outcome. */
  readonly direction: 'gain' | 'harm' | null;
  readonly count: number;
  /**
   * Tests of a mean of 0 (two-sided) and of one outside the margin (two one-sided); null where
   * there is no test: with one seed, or without any spread.
   */
  readonly difference: TestP | null;
  readonly equivalence: TestP | null;
  /**
   * The interval that agrees with the outcome, by the level of the test that gave it: without 0
   * for a gain or harm, within the margin for equivalence, neither where it is unclear.
   */
  readonly interval: {
    readonly level: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

export interface FindingOptions {
  /** Differences within it count as none, in the unit of the differences; above 0. */
  readonly margin: number;
  /** Chance of any false claim of a kind; default 0.05. */
  readonly level?: number;
}

/**
 * Findings of all settings that are reported together. There are two families of as many tests as
 * there are settings, each corrected by Holm by itself: t tests of a mean of 0, and two one-sided
 * tests of equivalence. So the chance of any false gain or harm is at most the level, and that of
 * any false equivalence is too. A setting can be wrong in one of the two ways only: its true mean
 * is 0, or it is outside the margin, or neither.
 * @param settings differences of runs that share a seed, a list a setting; one of a single seed or
 * without spread counts among the settings and finds nothing
 * @throws if the margin is not above 0
 */
export function findings(
  settings: readonly (readonly number[])[],
  { margin, level = 0.05 }: FindingOptions,
): Finding[] {
  if (!(margin > 0)) throw new Error(`margin: expected a number above 0, got ${margin}`);
  const spreads = settings.map(spreadOf);
  const raw = spreads.map((spread) => (spread ? differenceP(spread) : null));
  const within = spreads.map((spread) => (spread ? equivalenceP(spread, margin) : null));
  const differences = holm(raw, level);
  const equivalences = holm(within, level);
  return settings.map((values, i) => {
    const [spread, difference, equivalence] = [spreads[i], differences[i], equivalences[i]];
    if (!spread || !difference || !equivalence) return nothing(values.length);
    const direction = difference.rejected ? (spread.mean > 0 ? 'gain' : 'harm') : null;
    const outcome = equivalence.rejected ? 'equivalent' : (direction ?? 'unclear');
    return {
      outcome,
      direction,
      count: spread.count,
      difference: { raw: raw[i] ?? 1, adjusted: difference.adjusted },
      equivalence: { raw: within[i] ?? 1, adjusted: equivalence.adjusted },
      interval: shownInterval(spread, outcome, level, difference, equivalence),
    };
  });
}

function nothing(count: number): Finding {
  return {
    outcome: 'unclear',
    direction: null,
    count,
    difference: null,
    equivalence: null,
    interval: null,
  };
}

function shownInterval(
  spread: Spread,
  outcome: FindingOutcome,
  level: number,
  difference: Holm,
  equivalence: Holm,
): Finding['interval'] {
  const apart = 1 - level / difference.divisor;
  const within = 1 - (2 * level) / equivalence.divisor;
  const shown = { gain: apart, harm: apart, equivalent: within, unclear: Math.max(apart, within) };
  const [low, high] = intervalAt(spread, shown[outcome]);
  return { level: shown[outcome], low, high };
}
