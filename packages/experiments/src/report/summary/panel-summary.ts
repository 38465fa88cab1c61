import type { RunConfig } from '../../config/run-config.ts';
import { kindOf } from '../../data/data-config.ts';
import type { Metric } from '../../data/metric.ts';
import type { RunResult } from '../../run/result/run-result.ts';
import type { PanelGrid } from '../../sweep/grid.ts';
import { measureComparisons, type MeasuredComparison } from './comparison-summary.ts';
import { groupBySetting } from './setting-runs.ts';
import { summariseSetting, type SettingSummary } from './setting-summary.ts';

/** A panel's runs, summed up. */
export interface MeasuredPanel {
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
  readonly comparisons: readonly MeasuredComparison[];
}

export function measurePanel(
  grid: PanelGrid,
  results: ReadonlyMap<string, RunResult>,
): MeasuredPanel {
  const { name, title, base } = grid.panel;
  const kind = kindOf(base.data);
  const metric = kind.metric(base.data);
  const groups = groupBySetting(grid, results);
  const names = { data: base.data.kind, init: base.init !== null };
  return {
    name,
    title,
    ...names,
    method: base.method.name,
    ...(metric ? { metric: metric.name } : {}),
    cells: groups.map((group) => summariseSetting(group, groups, metric, kind.words.baseline)),
    comparisons: measureComparisons(grid, groups, metric, names),
  };
}
