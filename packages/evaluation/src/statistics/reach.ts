import type { FindingOptions } from './findings.ts';
import { differencePower, equivalencePower, seedsFor, smallestEffect } from './power.ts';
import { spreadOf } from './t-test.ts';

/**
 * The reach of a setting's seeds with 80 % power, if the deviation is as these seeds estimate it,
 * in tests at the level divided by the number of settings: what they have whatever the others show.
 */
export interface Reach {
  /** The smallest effect that so many seeds would tell from 0. */
  readonly smallestEffect: number;
  /** Seeds that tell an effect of the margin's size from 0; null above 100,000. */
  readonly seedsForDifference: number | null;
  /** Seeds that find equivalence within the margin where there is no effect; null above 100,000. */
  readonly seedsForEquivalence: number | null;
}

/**
 * @param differences of one setting, one a seed
 * @param settings number of settings that are reported together
 * @returns null with one seed, or without any spread
 */
export function reachOf(
  differences: readonly number[],
  settings: number,
  { margin, level: familyLevel = 0.05 }: FindingOptions,
): Reach | null {
  const spread = spreadOf(differences);
  if (!spread) return null;
  const { count, deviation } = spread;
  const level = familyLevel / settings;
  const seeds = (power: (count: number) => number) => {
    const needed = seedsFor(power);
    return Number.isFinite(needed) ? needed : null;
  };
  return {
    smallestEffect: smallestEffect({ count, deviation, level }),
    seedsForDifference: seeds((n) => differencePower({ count: n, deviation, level }, margin)),
    seedsForEquivalence: seeds((n) => equivalencePower({ count: n, deviation, level }, margin)),
  };
}
