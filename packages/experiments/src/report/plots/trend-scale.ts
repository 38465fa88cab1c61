import type { Summary } from '@noisy-pairs/evaluation';
import type { PanelSummary, SweepSummary } from '../summary/summary.ts';

/** The ends of a 95 % interval, or the mean where there is none. */
export function intervalOf({ mean, interval95 }: Summary): readonly [low: number, high: number] {
  return interval95 ?? [mean, mean];
}

/**
 * The scale of a panel, which is one for all panels of its metric: their means with half their
 * range around them, as far as intervals reach into that and values are possible
 * (0..1), and every single run.
 */
export function trendScale({ metric }: PanelSummary, panels: readonly PanelSummary[]): number[] {
  const scores = panels.flatMap((panel) => (panel.metric === metric ? scoresOf(panel) : []));
  const means = scores.map(({ mean }) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const margin = (most - least) / 2;
  const lowest = Math.min(...scores.map((score) => intervalOf(score)[0]));
  const highest = Math.max(...scores.map((score) => intervalOf(score)[1]));
  const values = panels.flatMap((panel) => (panel.metric === metric ? valuesOf(panel) : []));
  const [bottom, top] = [Math.max(0, least - margin, lowest), Math.min(1, most + margin, highest)];
  return [Math.min(bottom, ...values), Math.max(top, ...values)];
}

/**
 * Whether some intervals are longer than their panels are high, as they are with two seeds: they
 * are cut off where these end.
 */
export function cutsIntervals({ panels }: SweepSummary): boolean {
  return panels.some((panel) => {
    const [bottom = 0, top = 1] = trendScale(panel, panels);
    return scoresOf(panel).some((score) => {
      const [low, high] = intervalOf(score);
      return low < bottom || high > top;
    });
  });
}

function scoresOf({ cells }: PanelSummary): Summary[] {
  return cells.flatMap(({ score }) => score ?? []);
}

/** The runs that are drawn. */
function valuesOf({ cells }: PanelSummary): number[] {
  const drawn = cells.filter(({ kind }) => kind === 'pretrained');
  return drawn.flatMap(({ seeds = [] }) => seeds.map(({ value }) => value));
}
