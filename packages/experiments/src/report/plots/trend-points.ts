import type { Summary } from '@noisy-pairs/evaluation';
import { kindNamed } from '../../data/data-config.ts';
import type { Remedy } from '../../config/setting.ts';
import { remedyNames, startName } from '../setting-name.ts';
import type { SettingSummary } from '../summary/setting-summary.ts';
import type { PanelSummary } from '../summary/summary.ts';
import { intervalOf } from './trend-scale.ts';

/** A setting that was measured. */
type Scored = SettingSummary & { readonly score: Summary };

/** A point of a line, with the ends of its interval. */
interface TrendPoint {
  readonly series: string;
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A run, beside its line's mean. */
interface TrendDot {
  readonly series: string;
  readonly x: number;
  readonly value: number;
  readonly learned: boolean;
}

/** A dashed line, and where its name stands. */
interface TrendBound {
  readonly name: string;
  readonly mean: number;
  readonly x: number;
}

/** The content of a panel of the trend plot. */
export interface TrendPoints {
  /** Names of the lines. */
  readonly series: readonly string[];
  readonly points: readonly TrendPoint[];
  readonly dots: readonly TrendDot[];
  readonly bounds: readonly TrendBound[];
}

export function trendPoints(panel: PanelSummary): TrendPoints {
  const { axis, clean: cleanWords } = kindNamed(panel.data).words;
  const scored = panel.cells.filter((setting): setting is Scored => setting.score !== undefined);
  const pretrained = scored.filter(({ kind }) => kind === 'pretrained');
  const noisy = pretrained.filter(({ noisyShare }) => noisyShare > 0);
  const clean = (remedy: Remedy) => cleanOf(pretrained, remedy);
  const seriesOf = seriesName(panel, noisy);
  const series = [...new Set(noisy.map(seriesOf))];
  const lines = series.map((name, i) => {
    const members = noisy.filter((setting) => seriesOf(setting) === name);
    // Clean pairs are where all lines over the share begin.
    const start = axis === 'noisyShare' ? clean(members[0]?.remedy ?? 'keep') : undefined;
    const line = [...(start ? [start] : []), ...members].sort((a, b) => a[axis] - b[axis]);
    // Moved apart a little, so that the intervals of one place do not hide each other.
    const shift = 0.008 * (i - (series.length - 1) / 2);
    const placed = line.map((setting) => ({
      setting,
      x: setting[axis] === 0 ? 0 : setting[axis] + shift,
    }));
    return {
      points: placed.map(({ setting, x }) => pointAt(name, x, setting.score)),
      dots: placed.flatMap(({ setting, x }) => dotsAt(name, x, setting)),
    };
  });
  const points = lines.flatMap((line) => line.points);
  const dots = lines.flatMap((line) => line.dots);
  const random = scored.find(({ kind }) => kind === 'random');
  const supervised = scored.find(({ kind }) => kind === 'supervised');
  const bounds = [
    ...bound(startName(panel.init), random),
    ...bound('trained with labels', supervised),
    ...(axis === 'imageNoise' ? bound(cleanWords, clean('keep')) : []),
  ];
  return { series, points, dots, bounds };
}

/** Clean pairs with the same loss. */
function cleanOf(pretrained: readonly Scored[], remedy: Remedy): Scored | undefined {
  const same = remedy === 'robust' ? 'robust' : 'keep';
  return pretrained.find((setting) => setting.noisyShare === 0 && setting.remedy === same);
}

/**
 * Names a setting's line: by its level (or share), unless all are of one and remedies tell them
 * apart, and by its remedy where there are some.
 */
function seriesName(
  { data, cells }: PanelSummary,
  noisy: readonly Scored[],
): (setting: SettingSummary) => string {
  const { axis, level, share } = kindNamed(data).words;
  const other = axis === 'noisyShare' ? 'imageNoise' : 'noisyShare';
  const remedies = cells.some(({ remedy }) => remedy !== 'keep');
  const levels = new Set(noisy.map((setting) => setting[other]));
  const levelOf = (setting: SettingSummary) =>
    axis === 'noisyShare' ? `${level} ${setting.imageNoise}` : `${share}: ${setting.noisyShare}`;
  return (setting) =>
    [
      ...(levels.size > 1 || !remedies ? [levelOf(setting)] : []),
      ...(remedies ? [remedyNames[setting.remedy]] : []),
    ].join(', ');
}

function pointAt(series: string, x: number, score: Summary): TrendPoint {
  const [low, high] = intervalOf(score);
  return { series, x, mean: score.mean, low, high };
}

/** Runs to the right of the mean, each a little further than the seed before, five a row. */
function dotsAt(series: string, x: number, { seeds = [] }: Scored): TrendDot[] {
  return seeds.map(({ seed, value, learned }) => ({
    series,
    x: x + 0.005 + 0.003 * (seed % 5),
    value,
    learned: learned !== false,
  }));
}

function bound(name: string, setting: Scored | undefined): TrendBound[] {
  if (!setting) return [];
  const { mean } = setting.score;
  return [{ name: `${name} ${mean.toFixed(3)}`, mean, x: 1.02 }];
}
