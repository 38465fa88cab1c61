import { plotColours, renderPlot } from '@noisy-pairs/pages';
import type { TopLevelSpec } from 'vega-lite';

/** A run's log of its pretraining. */
export interface Curve {
  readonly name: string;
  /** Lines of metrics.jsonl, each with its `step`. */
  readonly lines: readonly Readonly<Record<string, number>>[];
}

/** A level to compare a metric with. */
export interface Level {
  readonly name: string;
  readonly value: number;
}

/** A metric of metrics.jsonl to be drawn. */
export interface CurveMetric {
  readonly name: string;
  readonly title: string;
  readonly levels?: readonly Level[];
}

/**
 * A small plot a metric over the steps, a line a run; metrics that no run has logged are left out.
 */
export async function curvePlot(
  curves: readonly Curve[],
  metrics: readonly CurveMetric[],
): Promise<string> {
  return renderPlot({
    concat: metrics
      .filter((metric) => isLogged(curves, metric.name))
      .map((metric) => metricSpec(curves, metric)),
    columns: 3,
    resolve: { scale: { x: 'shared', y: 'independent' } },
  } as unknown as TopLevelSpec);
}

export function isLogged(curves: readonly Curve[], metric: string): boolean {
  return curves.some(({ lines }) => lines.some((line) => line[metric] !== undefined));
}

function metricSpec(
  curves: readonly Curve[],
  { name: metric, title, levels = [] }: CurveMetric,
): object {
  const names = curves.map(({ name }) => name);
  const values = curves.flatMap(({ name, lines }) =>
    lines
      .filter((line) => line[metric] !== undefined)
      .map((line) => ({ name, step: line['step'], value: line[metric] })),
  );
  const y = { field: 'value', type: 'quantitative', title, scale: { zero: false } };
  const color = {
    field: 'name',
    type: 'nominal',
    title: null,
    sort: names,
    legend: { orient: 'bottom', columns: 3 },
    scale: { domain: names, range: [...plotColours, '#999999', '#000000'] },
  };
  return {
    width: 300,
    height: 180,
    layer: [
      {
        data: { values: [...levels] },
        mark: { type: 'rule', strokeDash: [6, 4], color: '#888' },
        encoding: { y },
      },
      {
        data: { values: [...levels] },
        mark: { type: 'text', align: 'left', x: 4, dy: -7, fontSize: 12, color: '#888' },
        encoding: { y, text: { field: 'name' } },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: { x: { field: 'step', type: 'quantitative', title: 'step' }, y, color },
      },
    ],
  };
}
