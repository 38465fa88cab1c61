import type { Summary } from '@noisy-pairs/evaluation';
import type { TopLevelSpec } from 'vega-lite';
import { remedyNames } from './setting-name.ts';
import { metrics } from '../data/metric.ts';
import { kindNamed } from '../data/data-config.ts';
import { COLOURS, renderPlot } from './plot.ts';
import type { Cell, PanelSummary, SweepSummary } from './summary.ts';

const low = ({ mean, interval95 }: Summary) => interval95?.[0] ?? mean;
const high = ({ mean, interval95 }: Summary) => interval95?.[1] ?? mean;

/**
 * Figs. 1, 4 and 5: a panel each, the metric over the share of noisy pairs (a line a level of
 * noise) or over the share of mislabelled images (a line a share of pairs by label), with 95 %
 * intervals, and the bounds as dashed lines. Panels of one metric have one scale, so that their
 * heights compare.
 */
export async function trendPlot({ panels }: SweepSummary): Promise<string> {
  const several = panels.length > 1;
  const size = several ? { width: 330, height: 260 } : { width: 560, height: 340 };
  const specs = panels.map((panel) =>
    panelSpec(
      panel,
      size,
      several,
      domainOf(panels.filter(({ metric }) => metric === panel.metric)),
    ),
  );
  return renderPlot(
    (several
      ? {
          concat: specs,
          columns: panels.length === 4 ? 2 : 3,
          resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
        }
      : specs[0]) as TopLevelSpec,
  );
}

/**
 * The scale of panels of one metric: their means with half their range around them, as far as
 * intervals reach into that and values are possible (0..1).
 */
function domainOf(panels: readonly PanelSummary[]): [number, number] {
  const scores = panels.flatMap(({ cells }) => cells.map(({ score }) => score)),
    means = scores.map(({ mean }) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)],
    margin = (most - least) / 2;
  return [
    Math.max(0, least - margin, Math.min(...scores.map(low))),
    Math.min(1, most + margin, Math.max(...scores.map(high))),
  ];
}

/**
 * Whether some intervals are longer than their panels are high, as they are with two seeds: they
 * are cut off where these end.
 */
export function cutsIntervals({ panels }: SweepSummary): boolean {
  return panels.some((panel) => {
    const [bottom, top] = domainOf(panels.filter(({ metric }) => metric === panel.metric));
    return panel.cells.some(({ score }) => low(score) < bottom || high(score) > top);
  });
}

/** What a line of a panel stands for. */
function seriesOf(panel: PanelSummary): (cell: Cell) => string {
  const { axis, level, share } = kindNamed(panel.data).words;
  const remedies = panel.cells.some(({ remedy }) => remedy !== 'keep');
  const levels = new Set(
    panel.cells
      .filter(({ noisyShare }) => noisyShare > 0)
      .map(({ imageNoise, noisyShare }) => (axis === 'noisyShare' ? imageNoise : noisyShare)),
  );
  return ({ imageNoise, noisyShare, remedy }) =>
    [
      ...(levels.size > 1 || !remedies
        ? [axis === 'noisyShare' ? `${level} ${imageNoise}` : `${share}: ${noisyShare}`]
        : []),
      ...(remedies ? [remedyNames[remedy]] : []),
    ].join(', ');
}

function panelSpec(
  panel: PanelSummary,
  size: { width: number; height: number },
  titled: boolean,
  domain: [number, number],
): object {
  const { cells, data, init } = panel,
    { axis, axisTitle, clean: cleanWords } = kindNamed(data).words,
    metric = metrics[panel.metric];
  const pretrained = cells.filter(({ kind }) => kind === 'pretrained');
  const noisy = pretrained.filter(({ noisyShare }) => noisyShare > 0);
  const clean = (remedy: Cell['remedy']) =>
    pretrained.find(
      (cell) => cell.noisyShare === 0 && cell.remedy === (remedy === 'robust' ? 'robust' : 'keep'),
    );
  const series = seriesOf(panel),
    names = [...new Set(noisy.map(series))];
  const at = (cell: Cell) => cell[axis];
  const points = names.flatMap((name, i) => {
    const members = noisy.filter((cell) => series(cell) === name);
    // clean pairs are where all lines over the share begin
    const start = axis === 'noisyShare' ? clean(members[0]?.remedy ?? 'keep') : undefined;
    return [...(start ? [start] : []), ...members]
      .sort((a, b) => at(a) - at(b))
      .map((cell) => ({
        series: name,
        // Moved apart a little, so that the intervals of one place do not hide each other.
        x: at(cell) === 0 ? 0 : at(cell) + 0.008 * (i - (names.length - 1) / 2),
        mean: cell.score.mean,
        low: low(cell.score),
        high: high(cell.score),
      }));
  });
  const bound = (name: string, cell: Cell | undefined) =>
    cell ? [{ name: `${name} ${cell.score.mean.toFixed(3)}`, mean: cell.score.mean, x: 1.02 }] : [];
  const bounds = [
    ...bound(
      init ? 'encoder as given' : 'random encoder',
      cells.find(({ kind }) => kind === 'random'),
    ),
    ...bound(
      'trained with labels',
      cells.find(({ kind }) => kind === 'supervised'),
    ),
    ...(axis === 'imageNoise' ? bound(cleanWords, clean('keep')) : []),
  ];
  const x = {
    field: 'x',
    type: 'quantitative',
    title: axisTitle,
    scale: { domain: [-0.03, 1.03], nice: false },
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: '.2~f' },
  };
  const y = {
    type: 'quantitative',
    title: `${metric.title}, frozen encoder`,
    scale: { zero: false, nice: true, domain },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: names,
    scale: { domain: names, range: COLOURS },
    legend: { orient: titled ? 'bottom' : 'right', columns: 2 },
  };
  return {
    ...size,
    ...(titled ? { title: panel.title } : {}),
    layer: [
      {
        data: { values: bounds },
        mark: { type: 'rule', strokeDash: [6, 4], color: '#888' },
        encoding: { y: { field: 'mean', ...y } },
      },
      {
        data: { values: bounds },
        mark: { type: 'text', align: 'right', dy: -7, fontSize: 12, color: '#888' },
        encoding: { x, y: { field: 'mean', ...y }, text: { field: 'name' } },
      },
      {
        data: { values: points },
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: { x, y: { field: 'mean', ...y }, color },
      },
      {
        data: { values: points },
        mark: { type: 'rule', strokeWidth: 1.5, clip: true },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y: { field: 'mean', ...y }, color },
      },
    ],
  };
}
