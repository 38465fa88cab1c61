import { pairedDifference, summarise, type Summary } from '@noisy-pairs/evaluation';
import type { Metric } from '../../data/metric.ts';
import type { RunResult } from '../../run/result/run-result.ts';
import type { Setting } from '../../config/setting.ts';
import { scoresBySeed } from './differences.ts';
import { runsOfSetting, sameSetting, type SettingRuns } from './setting-runs.ts';

/** The metric of a run, 0..1. */
interface SeedScore {
  readonly seed: number;
  readonly value: number;
  /** Whether its pretraining learned; null where nobody can tell. */
  readonly learned: boolean | null;
}

/** The runs of a setting, which differ by their seed alone, summed up: a `cell` of summary.json. */
export interface SettingSummary extends Setting {
  /** The panel's metric, 0..1; absent where it has none. */
  readonly score?: Summary;
  /** The metric of every seed, and whether its run learned; absent where nothing is measured. */
  readonly seeds?: readonly SeedScore[];
  /** Number of runs, where no score counts them. */
  readonly runs?: number;
  /** Accuracy of the linear probe, 0..1; where images are classified. */
  readonly linear?: Summary;
  /**
   * Classes of damage from both images: the xView2 score over the classes that the test crops hold,
   * 0..1; where damage is learned.
   */
  readonly damage?: { readonly meanIou: Summary; readonly xview2: Summary };
  /** Share of the pairs whose images are of two classes; where classes are known. */
  readonly falsePairs?: number;
  /** Numbers and shares of an arm's pairs by name, the mean over its runs. */
  readonly counts?: Readonly<Record<string, number>>;
  /**
   * Difference to the setting that the data's noise is compared with (clean pairs; pairs by true
   * labels), by seed; null for that itself, the bounds, and where it has no run of a same seed.
   */
  readonly difference: Summary | null;
  /** Difference of a remedy to keeping the noisy pairs at the same level and share, by seed. */
  readonly againstKeeping: Summary | null;
  /**
   * Runs whose loss stayed at its chance level, or whose features collapsed where the loss cannot
   * tell.
   */
  readonly notLearned: readonly string[];
  /** Runs of which nobody can tell whether they learned, and why; absent where there are none. */
  readonly unknown?: { readonly runs: readonly string[]; readonly reason: string };
}

/**
 * @param groups all of the panel's, to compare with
 * @param baseline gives the setting that a setting of noisy pairs is compared with
 */
export function summariseSetting(
  { setting, runs }: SettingRuns,
  groups: readonly SettingRuns[],
  metric: Metric | undefined,
  baseline: (setting: Setting) => Setting,
): SettingSummary {
  const results = runs.map(({ result }) => result);
  const noisy = setting.kind === 'pretrained' && setting.noisyShare > 0;
  const treated = setting.remedy !== 'keep';
  const against = (other: Setting) =>
    metric && !sameSetting(setting, other)
      ? differenceOf(scoresBySeed(runs, metric), scoresBySeed(runsOfSetting(groups, other), metric))
      : null;
  const unknown = runs.filter(({ result }) => result.pretraining?.learned === null);
  return {
    ...setting,
    ...(metric
      ? {
          score: summarise([...scoresBySeed(runs, metric).values()]),
          seeds: seedScores(runs, metric),
        }
      : { runs: runs.length }),
    ...summariseTasks(results),
    difference: noisy || treated ? against(baseline(setting)) : null,
    againstKeeping: treated ? against({ ...setting, remedy: 'keep' }) : null,
    notLearned: runs
      .filter(({ result }) => result.pretraining?.learned === false)
      .map(({ name }) => name),
    ...(unknown.length > 0 ? { unknown: whyUnknown(unknown) } : {}),
  };
}

function seedScores(runs: SettingRuns['runs'], metric: Metric): SeedScore[] {
  return runs.map(({ config: { seed }, result }) => ({
    seed,
    value: metric.of(result),
    learned: result.pretraining ? result.pretraining.learned : true,
  }));
}

function whyUnknown(runs: SettingRuns['runs']): SettingSummary['unknown'] & object {
  const reasons = runs.map(({ result }) => result.pretraining?.unknown ?? 'no reason is given');
  return { runs: runs.map(({ name }) => name), reason: [...new Set(reasons)].join('; ') };
}

/** @returns the difference by seed, or null where no seed is in both */
function differenceOf(
  scores: ReadonlyMap<number, number>,
  others: ReadonlyMap<number, number>,
): Summary | null {
  const paired = [...scores.keys()].some((seed) => others.has(seed));
  return paired ? pairedDifference(scores, others) : null;
}

/** Whatever else the results have. */
function summariseTasks(
  results: readonly RunResult[],
): Pick<SettingSummary, 'linear' | 'damage' | 'falsePairs' | 'counts'> {
  const classified = results.flatMap(({ classification }) => classification ?? []);
  const damaged = results.flatMap(({ damage }) => damage ?? []);
  const falsePairs = results.flatMap((result) => result.falsePairs ?? []);
  const counts = results.map((result) => result.counts).filter((one) => one !== undefined);
  return {
    ...(classified.length === results.length
      ? { linear: summarise(classified.map(({ accuracy }) => accuracy)) }
      : {}),
    ...(damaged.length === results.length
      ? {
          damage: {
            meanIou: summarise(damaged.map(({ segmentation }) => segmentation.meanIou)),
            xview2: summarise(damaged.map(({ xview2 }) => xview2.scoreOfPresent)),
          },
        }
      : {}),
    ...(falsePairs.length > 0 ? { falsePairs: summarise(falsePairs).mean } : {}),
    ...(counts.length > 0 ? { counts: meanCounts(counts) } : {}),
  };
}

/** The mean of each count over those runs that have it. */
function meanCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = [...new Set(counts.flatMap((one) => Object.keys(one)))];
  const meanOf = (name: string) => summarise(counts.flatMap((one) => one[name] ?? [])).mean;
  return Object.fromEntries(names.map((name) => [name, meanOf(name)]));
}
