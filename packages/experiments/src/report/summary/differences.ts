import type { Comparison, Difference } from '../../config/comparison.ts';
import type { Metric } from '../../data/metric.ts';
import { subtractBySeed, type SeedDifference } from './seed-differences.ts';
import { runsOfSetting, type FinishedRun, type SettingRuns } from './setting-runs.ts';

export function scoresBySeed(runs: SettingRuns['runs'], metric: Metric): Map<number, number> {
  return new Map(runs.map(({ config, result }) => [config.seed, metric.of(result)]));
}

/** @returns the comparison in each seed that is in all of its settings */
export function comparedBySeed(
  { less, ...difference }: Comparison,
  groups: readonly SettingRuns[],
  metric: Metric,
): SeedDifference[] {
  const scoresOf = (setting: Difference['setting']) =>
    runsOfSetting(groups, setting).map((run) => ({
      seed: run.config.seed,
      value: metric.of(run.result),
      learned: hasLearned(run),
    }));
  const differences = ({ setting, against }: Difference) =>
    subtractBySeed(scoresOf(setting), scoresOf(against));
  return less
    ? subtractBySeed(differences(difference), differences(less))
    : differences(difference);
}

/** A run that was not pretrained had nothing to learn. */
function hasLearned({ result: { pretraining } }: FinishedRun): boolean | null {
  return pretraining ? pretraining.learned : true;
}
