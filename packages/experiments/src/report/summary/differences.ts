import type { Comparison, Difference } from '../../config/comparison.ts';
import type { Metric } from '../../data/metric.ts';
import { allLearned, type SeedDifference } from './seed-differences.ts';
import { runsOfSetting, type FinishedRun, type SettingRuns } from './setting-runs.ts';

type Scores = ReadonlyMap<number, Omit<SeedDifference, 'seed'>>;

export function scoresBySeed(runs: SettingRuns['runs'], metric: Metric): Map<number, number> {
  return new Map(runs.map(({ config, result }) => [config.seed, metric.of(result)]));
}

/** @returns the comparison in each seed that is in all of its settings */
export function comparedBySeed(
  { less, ...difference }: Comparison,
  groups: readonly SettingRuns[],
  metric: Metric,
): SeedDifference[] {
  const scoresOf = (setting: Difference['setting']): Scores =>
    new Map(
      runsOfSetting(groups, setting).map((run) => [
        run.config.seed,
        { value: metric.of(run.result), learned: hasLearned(run) },
      ]),
    );
  const differences = ({ setting, against }: Difference) =>
    subtract(scoresOf(setting), scoresOf(against));
  const whole = less
    ? subtract(differences(difference), differences(less))
    : differences(difference);
  return [...whole].map(([seed, one]) => ({ seed, ...one }));
}

/** A run that was not pretrained had nothing to learn. */
function hasLearned({ result: { pretraining } }: FinishedRun): boolean | null {
  return pretraining ? pretraining.learned : true;
}

function subtract(scores: Scores, others: Scores): Scores {
  const both = [...scores].flatMap(([seed, one]) => {
    const other = others.get(seed);
    if (!other) return [];
    const value = one.value - other.value;
    return [[seed, { value, learned: allLearned([one, other]) }] as const];
  });
  return new Map(both);
}
