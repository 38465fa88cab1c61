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
  const points = series.flatMap((name, i) => {
    const members = noisy.filter((setting) => seriesOf(setting) === name);
    // Clean pairs are where all lines over the share begin.
    const start = axis === 'noisyShare' ? clean(members[0]?.remedy ?? 'keep') : undefined;
    const line = [...(start ? [start] : []), ...members].sort((a, b) => a[axis] - b[axis]);
    // Moved apart a little, so that the intervals of one place do not hide each other.
    const shift = 0.008 * (i - (series.length - 1) / 2);
    return line.map(({ [axis]: at, score }) => pointAt(name, at === 0 ? 0 : at + shift, score));
  });
  const random = scored.find(({ kind }) => kind === 'random');
  const supervised = scored.find(({ kind }) => kind === 'supervised');
  const bounds = [
    ...bound(startName(panel.init), random),
    ...bound('trained with labels', supervised),
    ...(axis === 'imageNoise' ? bound(cleanWords, clean('keep')) : []),
  ];
  return { series, points, bounds };
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

function bound(name: string, setting: Scored | undefined): TrendBound[] {
  if (!setting) return [];
  const { mean } = setting.score;
  return [{ name: `${name} ${mean.toFixed(3)}`, mean, x: 1.02 }];
}
