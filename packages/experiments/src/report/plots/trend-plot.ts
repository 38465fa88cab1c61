import { plotColours, renderPlot } from '@noisy-pairs/pages';
import type { TopLevelSpec } from 'vega-lite';
import { kindNamed } from '../../data/data-config.ts';
import { metrics, type Metric } from '../../data/metric.ts';
import type { PanelSummary, SweepSummary } from '../summary/summary.ts';
import { armSpec, hasArms } from './arm-plot.ts';
import { trendPoints } from './trend-points.ts';
import { trendScale } from './trend-scale.ts';

/** A panel whose runs were measured. */
type MeasuredPanel = PanelSummary & { readonly metric: Metric['name'] };

/**
 * Figs. 1, 4 and 5 of the study as an SVG: a panel each, the metric over the share of noisy pairs
 * (a line a level of noise) or over the share of mislabelled images (a line a share of pairs by
 * label), with 95 % intervals, and the bounds as dashed lines; a panel of arms has a row an arm.
 * Panels of one metric have one scale, so that their heights compare.
 * @returns undefined if no panel was measured
 */
export async function trendPlot({ panels }: SweepSummary): Promise<string | undefined> {
  const measured = panels.filter((panel): panel is MeasuredPanel => panel.metric !== undefined);
  const [first, ...others] = measured.map((panel) => {
    const spec = hasArms(panel) ? armSpec : panelSpec;
    return spec(panel, trendScale(panel, panels), panels.length > 1);
  });
  if (!first) return undefined;
  if (panels.length === 1) return renderPlot(first as TopLevelSpec);
  return renderPlot({
    concat: [first, ...others],
    columns: columnsOf(measured),
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  } as TopLevelSpec);
}

/** Panels of arms have long names beside them, and stand below each other. */
function columnsOf(panels: readonly PanelSummary[]): number {
  if (panels.some(hasArms)) return 1;
  return panels.length === 4 ? 2 : 3;
}

/** @param titled whether it stands beside others */
function panelSpec(panel: MeasuredPanel, domain: readonly number[], titled: boolean): object {
  const { series, points, dots, bounds } = trendPoints(panel);
  const x = {
    field: 'x',
    type: 'quantitative',
    title: kindNamed(panel.data).words.axisTitle,
    scale: { domain: [-0.03, 1.03], nice: false },
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: '.2~f' },
  };
  const y = {
    type: 'quantitative',
    title: `${metrics[panel.metric].title}, frozen encoder`,
    scale: { zero: false, nice: true, domain },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: series,
    scale: { domain: series, range: plotColours },
    legend: { orient: titled ? 'bottom' : 'right', columns: 2 },
  };
  const mean = { field: 'mean', ...y };
  return {
    ...(titled ? { width: 330, height: 260 } : { width: 560, height: 340 }),
    ...(titled ? { title: panel.title } : {}),
    layer: [
      {
        data: { values: bounds },
        mark: { type: 'rule', strokeDash: [6, 4], color: '#888' },
        encoding: { y: mean },
      },
      {
        data: { values: bounds },
        mark: { type: 'text', align: 'right', dy: -7, fontSize: 12, color: '#888' },
        encoding: { x, y: mean, text: { field: 'name' } },
      },
      ...[true, false].map((learned) => ({
        data: { values: dots.filter((dot) => dot.learned === learned) },
        mark: { type: 'point', filled: learned, size: 18, opacity: 0.55, clip: true },
        encoding: { x, y: { field: 'value', ...y }, color },
      })),
      {
        data: { values: points },
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: { x, y: mean, color },
      },
      {
        data: { values: points },
        mark: { type: 'rule', strokeWidth: 1.5, clip: true },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y: mean, color },
      },
    ],
  };
}
