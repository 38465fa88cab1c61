import type { TopLevelSpec } from 'vega-lite';
import { COLOURS, renderPlot } from './plot.ts';

/** What a run logged while it was pretrained. */
export interface Curve {
  readonly name: string;
  readonly lines: readonly Readonly<Record<string, number>>[];
}

/** A metric of metrics.jsonl to be drawn, and levels to compare it with. */
export interface CurveMetric {
  readonly name: string;
  readonly title: string;
  readonly levels?: readonly { readonly name: string; readonly value: number }[];
}

/**
 * A small plot a metric over the steps, a line a run; metrics that no run has logged are left out.
 */
export async function curvePlot(
  curves: readonly Curve[],
  metrics: readonly CurveMetric[],
): Promise<string> {
  const names = curves.map(({ name }) => name);
  const specs = metrics.flatMap(({ name: metric, title, levels = [] }) => {
    const values = curves.flatMap(({ name, lines }) =>
      lines.flatMap((line) =>
        line[metric] === undefined ? [] : [{ name, step: line['step'], value: line[metric] }],
      ),
    );
    if (values.length === 0) return [];
    const y = { type: 'quantitative', title, scale: { zero: false } };
    return [
      {
        width: 300,
        height: 180,
        layer: [
          {
            data: { values: [...levels] },
            mark: { type: 'rule', strokeDash: [6, 4], color: '#888' },
            encoding: { y: { field: 'value', ...y } },
          },
          {
            data: { values: [...levels] },
            mark: { type: 'text', align: 'left', x: 4, dy: -7, fontSize: 12, color: '#888' },
            encoding: { y: { field: 'value', ...y }, text: { field: 'name' } },
          },
          {
            data: { values },
            mark: { type: 'line', strokeWidth: 1.5 },
            encoding: {
              x: { field: 'step', type: 'quantitative', title: 'step' },
              y: { field: 'value', ...y },
              color: {
                field: 'name',
                type: 'nominal',
                title: null,
                sort: names,
                legend: { orient: 'bottom', columns: 3 },
                scale: { domain: names, range: [...COLOURS, '#999999', '#000000'] },
              },
            },
          },
        ],
      },
    ];
  });
  return renderPlot({
    concat: specs,
    columns: 3,
    resolve: { scale: { x: 'shared', y: 'independent' } },
  } as unknown as TopLevelSpec);
}
