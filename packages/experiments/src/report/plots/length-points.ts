import { summarise } from '@noisy-pairs/evaluation';
import { methodTitle } from '../../config/methods.ts';
import type { Panel } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import type { PanelGrid } from '../../sweep/grid.ts';
import { settingName } from '../setting-name.ts';
import { scoresBySeed } from '../summary/differences.ts';
import { groupBySetting, runsOfSetting, type FinishedRun } from '../summary/setting-runs.ts';
import { intervalOf } from './trend-scale.ts';

/** A place in the plot: a setting by its name, after so many steps of pretraining. */
interface Place {
  readonly series: string;
  readonly steps: number;
}

/** A difference to the baseline (clean pairs) of as many steps, in points of a hundred. */
interface LengthPoint extends Place {
  /** Over seeds, with the ends of its 95 % interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** By seed. */
  readonly dots: readonly number[];
}

/** Differences over the length of training, of panels that are alike in all else. */
export interface LengthTrend {
  readonly title: string;
  /** The metric, and what it is compared with, in words. */
  readonly metric: string;
  readonly baseline: string;
  /** Lengths in steps, ascending. */
  readonly lengths: readonly number[];
  readonly points: readonly LengthPoint[];
}

/** @returns a trend for each two panels or more that differ by their steps alone */
export function lengthTrends(
  grids: readonly PanelGrid[],
  finished: readonly FinishedRun[],
): LengthTrend[] {
  const alike = new Map<string, PanelGrid[]>();
  for (const grid of grids) {
    const key = apartFromLength(grid.panel);
    alike.set(key, [...(alike.get(key) ?? []), grid]);
  }
  return [...alike.values()].flatMap((group) => trendOf(group, finished) ?? []);
}

/** All of a panel but its length, and what decides no result. */
function apartFromLength({ base, ...panel }: Panel): string {
  const pretrain = { ...base.pretrain, steps: 0, checkpointEvery: 0, logEvery: 0 };
  return JSON.stringify({ ...panel, name: '', title: '', base: { ...base, pretrain, monitor: 0 } });
}

function trendOf(
  grids: readonly PanelGrid[],
  finished: readonly FinishedRun[],
): LengthTrend | undefined {
  const [first, second] = grids;
  if (!first || !second) return undefined;
  const { method, data } = first.panel.base;
  const metric = kindOf(data).metric(data);
  const points = grids.flatMap((grid) => pointsOf(grid, finished));
  if (!metric || points.length === 0) return undefined;
  const lengths = grids.map(({ panel }) => panel.base.pretrain.steps).sort((a, b) => a - b);
  const title = `${methodTitle(method.name)}, ${kindOf(data).describe(data)}`;
  const baseline = kindOf(data).words.baselineWords;
  return { title, metric: metric.title, baseline, lengths, points };
}

function pointsOf(grid: PanelGrid, finished: readonly FinishedRun[]): LengthPoint[] {
  const { data, init, pretrain } = grid.panel.base;
  const { metric, words } = { ...kindOf(data), metric: kindOf(data).metric(data) };
  if (!metric) return [];
  const groups = groupBySetting(grid, new Map(finished.map(({ name, result }) => [name, result])));
  return groups.flatMap(({ setting, runs }) => {
    const isNoisy = setting.kind === 'pretrained' && setting.noisyShare > 0;
    if (!isNoisy || setting.choice !== undefined) return [];
    const base = scoresBySeed(runsOfSetting(groups, words.baseline(setting)), metric);
    const dots = [...scoresBySeed(runs, metric)].flatMap(([seed, score]) => {
      const other = base.get(seed);
      return other === undefined ? [] : [100 * (score - other)];
    });
    if (dots.length === 0) return [];
    const series = settingName(setting, { data: data.kind, init: init !== null });
    const summary = summarise(dots);
    const [low, high] = intervalOf(summary);
    return [{ series, steps: pretrain.steps, mean: summary.mean, low, high, dots }];
  });
}
