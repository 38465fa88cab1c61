import { summarise, type Summary } from '@noisy-pairs/evaluation';
import type { Comparison } from '../../config/comparison.ts';
import type { Metric } from '../../data/metric.ts';
import { panelComparisons } from '../../sweep/settings/comparisons.ts';
import type { PanelGrid } from '../../sweep/grid.ts';
import { settingName, type Named } from '../setting-name.ts';
import { comparedBySeed } from './differences.ts';
import type { SeedDifference } from './seed-differences.ts';
import { runsOfSetting, type SettingRuns } from './setting-runs.ts';

/** A comparison, measured. */
export interface MeasuredComparison extends Comparison {
  readonly title: string;
  /** By seed; null where nothing is measured, or no seed is in all of its settings. */
  readonly difference: Summary | null;
  /** The difference in every seed. */
  readonly seeds: readonly SeedDifference[];
  /** Image pairs that a run learns from, in the setting and in what it is compared with. */
  readonly pairs: { readonly setting: number | null; readonly against: number | null };
}

/** The differences that a panel is run for, in their order. */
export function measureComparisons(
  { panel }: PanelGrid,
  groups: readonly SettingRuns[],
  metric: Metric | undefined,
  names: Named,
): MeasuredComparison[] {
  return panelComparisons(panel).map((comparison) => {
    const { setting, against } = comparison;
    const title = `${settingName(setting, names)} against ${settingName(against, names)}`;
    const seeds = metric ? comparedBySeed(comparison, groups, metric) : [];
    const difference = seeds.length > 0 ? summarise(seeds.map(({ value }) => value)) : null;
    const pairs = { setting: pairsOf(groups, setting), against: pairsOf(groups, against) };
    return { title, ...comparison, difference, seeds, pairs };
  });
}

/** @returns null where no run of the setting has finished */
function pairsOf(groups: readonly SettingRuns[], setting: Comparison['setting']): number | null {
  const [run] = runsOfSetting(groups, setting);
  if (!run) return null;
  const { data, filter, noisyShare } = run.config;
  const counted = run.result.counts?.['pairs'];
  return counted ?? data.pairs - (filter === 'clean' ? Math.round(noisyShare * data.pairs) : 0);
}
