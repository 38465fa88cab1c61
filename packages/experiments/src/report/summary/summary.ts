import type { Summary } from '@noisy-pairs/evaluation';
import type { Comparison } from '../../config/comparison.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { kindOf } from '../../data/data-config.ts';
import type { Metric } from '../../data/metric.ts';
import type { RunResult } from '../../run/result/run-result.ts';
import { panelComparisons } from '../../sweep/settings/comparisons.ts';
import { runsOf, type PanelGrid } from '../../sweep/grid.ts';
import { settingName } from '../setting-name.ts';
import { comparedBySeed } from './differences.ts';
import { groupBySetting, type FinishedRun } from './setting-runs.ts';
import { summariseSetting, type SettingSummary } from './setting-summary.ts';

/** A comparison's finding. */
interface ComparisonSummary extends Comparison {
  readonly title: string;
  /** By seed; null where nothing is measured, or no seed is in all of its settings. */
  readonly difference: Summary | null;
}

/** The findings of a panel's runs. */
export interface PanelSummary {
  readonly name: string;
  readonly title: string;
  readonly data: RunConfig['data']['kind'];
  readonly method: RunConfig['method']['name'];
  /** Whether runs began with given weights, as the bound `random` then did too. */
  readonly init: boolean;
  /** Absent where runs are not measured: their data have no labels. */
  readonly metric?: Metric['name'];
  readonly cells: readonly SettingSummary[];
  /** The differences that the panel is run for, in their order. */
  readonly comparisons: readonly ComparisonSummary[];
}

/** The findings of a sweep: the format of summary.json, but for the verdicts. */
export interface SweepSummary {
  readonly recipe: string;
  readonly panels: readonly PanelSummary[];
  /** Runs that are missing: failed or not done. */
  readonly missing: readonly string[];
}

/**
 * @param grids all settings of the sweep with their runs
 * @param finished those runs that have a result
 */
export function summariseSweep(
  recipe: string,
  grids: readonly PanelGrid[],
  finished: readonly FinishedRun[],
): SweepSummary {
  const results = new Map(finished.map(({ name, result }) => [name, result]));
  const missing = runsOf(grids).filter(({ name }) => !results.has(name));
  return {
    recipe,
    panels: grids.map((grid) => summarisePanel(grid, results)),
    missing: missing.map(({ name }) => name),
  };
}

function summarisePanel(grid: PanelGrid, results: ReadonlyMap<string, RunResult>): PanelSummary {
  const { name, title, base } = grid.panel;
  const kind = kindOf(base.data);
  const metric = kind.metric(base.data);
  const groups = groupBySetting(grid, results);
  const names = { data: base.data.kind, init: base.init !== null };
  const comparisons = panelComparisons(grid.panel).map((comparison) => {
    const { setting, against } = comparison;
    const title = `${settingName(setting, names)} against ${settingName(against, names)}`;
    const difference = metric ? comparedBySeed(comparison, groups, metric) : null;
    return { title, ...comparison, difference };
  });
  return {
    name,
    title,
    ...names,
    method: base.method.name,
    ...(metric ? { metric: metric.name } : {}),
    cells: groups.map((group) => summariseSetting(group, groups, metric, kind.words.baseline)),
    comparisons,
  };
}
