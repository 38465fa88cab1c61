import { plotColours, renderPlot } from '@noisy-pairs/pages';
import type { TopLevelSpec } from 'vega-lite';
import type { LengthTrend } from './length-points.ts';

/**
 * Effect of noise over the length of training as an SVG: differences to the baseline over the steps
 * (a line a setting), with 95 % intervals over seeds, and every seed's as a dot.
 */
export function lengthPlot(trends: readonly LengthTrend[]): Promise<string> {
  const specs = trends.map((trend) => lengthSpec(trend, trends.length > 1));
  const [only] = specs;
  return renderPlot((specs.length === 1 && only ? only : { concat: specs }) as TopLevelSpec);
}

function lengthSpec({ title, metric, baseline, lengths, points }: LengthTrend, titled: boolean) {
  const series = [...new Set(points.map((point) => point.series))];
  // Moved apart a little, so that the intervals of one length do not hide each other.
  const shifted = points.map(({ dots, ...point }) => {
    const rank = series.indexOf(point.series) - (series.length - 1) / 2;
    return { ...point, dots, x: point.steps * 1.04 ** rank };
  });
  const dots = shifted.flatMap((point) => point.dots.map((value) => ({ ...point, value })));
  const x = {
    field: 'x',
    type: 'quantitative',
    title: 'steps of pretraining',
    scale: { type: 'log', domain: [(lengths[0] ?? 1) / 1.15, (lengths.at(-1) ?? 1) * 1.15] },
    axis: { values: lengths, format: ',d' },
  };
  const y = {
    type: 'quantitative',
    title: `${metric}: points against ${baseline}`,
    scale: { domain: scaleOf(points), nice: true },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: series,
    scale: { domain: series, range: plotColours },
    legend: { orient: titled ? 'bottom' : 'right' },
  };
  const mean = { field: 'mean', ...y };
  const ends = { y: { field: 'low', ...y }, y2: { field: 'high' } };
  const zero = { values: [{ mean: 0 }] };
  return {
    ...(titled ? { title } : {}),
    width: titled ? 330 : 560,
    height: titled ? 260 : 340,
    data: { values: shifted },
    layer: [
      { data: zero, mark: { type: 'rule', strokeDash: [6, 4] }, encoding: { y: mean } },
      { mark: { type: 'line', strokeWidth: 2.5 }, encoding: { x, y: mean, color } },
      { mark: { type: 'rule', strokeWidth: 1.5, clip: true }, encoding: { x, ...ends, color } },
      { mark: { type: 'point', filled: true, size: 80 }, encoding: { x, y: mean, color } },
      {
        data: { values: dots },
        mark: { type: 'point', size: 22, opacity: 0.7 },
        encoding: { x, y: { field: 'value', ...y }, color },
      },
    ],
  };
}

/** Every dot and zero, and intervals as far as half their range beyond. */
function scaleOf(points: LengthTrend['points']): [low: number, high: number] {
  const dots = [0, ...points.flatMap((point) => point.dots)];
  const [least, most] = [Math.min(...dots), Math.max(...dots)];
  const margin = (most - least) / 2;
  const lowest = Math.min(...points.map(({ low }) => low), least);
  const highest = Math.max(...points.map(({ high }) => high), most);
  return [Math.max(lowest, least - margin), Math.min(highest, most + margin)];
}
