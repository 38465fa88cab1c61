import { pairedDifference, type Summary } from '@noisy-pairs/evaluation';
import type { Comparison, Difference } from '../../config/comparison.ts';
import type { Metric } from '../../data/metric.ts';
import { runsOfSetting, type SettingRuns } from './setting-runs.ts';

/** The metric of a setting's runs by their seed. */
type Scores = ReadonlyMap<number, number>;

export function scoresBySeed(runs: SettingRuns['runs'], metric: Metric): Map<number, number> {
  return new Map(runs.map(({ config, result }) => [config.seed, metric.of(result)]));
}

/** @returns the difference by seed, or null where no seed is in both */
export function differenceOf(scores: Scores, others: Scores): Summary | null {
  const paired = [...scores.keys()].some((seed) => others.has(seed));
  return paired ? pairedDifference(scores, others) : null;
}

/** @returns the comparison's difference, or difference of differences, by seed; or null */
export function comparedBySeed(
  { less, ...difference }: Comparison,
  groups: readonly SettingRuns[],
  metric: Metric,
): Summary | null {
  const scoresOf = (setting: Difference['setting']) =>
    scoresBySeed(runsOfSetting(groups, setting), metric);
  const differences = ({ setting, against }: Difference): Scores => {
    const base = scoresOf(against);
    const both = [...scoresOf(setting)].filter(([seed]) => base.has(seed));
    return new Map(both.map(([seed, score]) => [seed, score - (base.get(seed) as number)]));
  };
  if (less) return differenceOf(differences(difference), differences(less));
  return differenceOf(scoresOf(difference.setting), scoresOf(difference.against));
}
