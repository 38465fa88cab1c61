import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Summary } from '@noisy-pairs/evaluation';
import { noiseWords } from './noise-words.ts';
import type { SweepSummary } from './results.ts';

/** Okabe and Ito's colours, told apart with any colour vision. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9'];
const config = { font: 'system-ui, sans-serif', axis: { labelFontSize: 12, titleFontSize: 13, gridColor: '#8884' }, legend: { labelFontSize: 12, titleFontSize: 13, labelLimit: 300 }, view: { stroke: null } };

/** An SVG document of a Vega-Lite specification. */
async function render(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

const low = ({ mean, interval95 }: Summary) => interval95?.[0] ?? mean;
const high = ({ mean, interval95 }: Summary) => interval95?.[1] ?? mean;

/** Fig. 4: mean IoU over the share of noisy pairs, a line per level of noise that begins at clean pairs, 95 % intervals, and the bounds as dashed lines. */
export async function trendPlot({ cells, data }: SweepSummary): Promise<string> {
  const pretrained = cells.filter(({ kind }) => kind === 'pretrained');
  const clean = pretrained.filter(({ noisyShare }) => noisyShare === 0);
  const levels = [...new Set(pretrained.filter(({ noisyShare }) => noisyShare > 0).map(({ imageNoise }) => imageNoise))].sort((a, b) => a - b);
  const points = levels.flatMap((level, i) =>
    [...clean, ...pretrained.filter(({ imageNoise, noisyShare }) => noisyShare > 0 && imageNoise === level)].map(({ noisyShare, meanIou }) => ({
      level: String(level),
      // Moved apart a little, so that the intervals of one share do not hide each other; clean pairs are one point of all lines.
      share: noisyShare === 0 ? 0 : noisyShare + 0.008 * (i - (levels.length - 1) / 2),
      mean: meanIou.mean, low: low(meanIou), high: high(meanIou),
    })));
  const names = { random: 'random encoder', supervised: 'trained with labels' } as const;
  const bounds = cells.flatMap(({ kind, meanIou }) => (kind === 'pretrained' ? [] : [{ name: `${names[kind]} ${meanIou.mean.toFixed(3)}`, mean: meanIou.mean, share: 1.02 }]));
  const x = { field: 'share', type: 'quantitative' as const, title: 'share of noisy pairs', scale: { domain: [-0.03, 1.03], nice: false }, axis: { values: [0, 0.25, 0.5, 0.75, 1], format: '.2~f' } };
  const y = { type: 'quantitative' as const, title: 'mean IoU, frozen encoder', scale: { zero: false, nice: true } };
  const color = { field: 'level', type: 'nominal' as const, title: noiseWords[data].level, sort: levels.map(String), scale: { range: COLOURS } };
  return render({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 560, height: 340, background: 'transparent', config,
    layer: [
      { data: { values: bounds }, mark: { type: 'rule', strokeDash: [6, 4], color: '#888' }, encoding: { y: { field: 'mean', ...y } } },
      { data: { values: bounds }, mark: { type: 'text', align: 'right', dy: -7, fontSize: 12, color: '#888' }, encoding: { x, y: { field: 'mean', ...y }, text: { field: 'name' } } },
      { data: { values: points }, mark: { type: 'line', strokeWidth: 2.5 }, encoding: { x, y: { field: 'mean', ...y }, color } },
      { data: { values: points }, mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, color } },
      { data: { values: points }, mark: { type: 'point', filled: true, size: 70, opacity: 1 }, encoding: { x, y: { field: 'mean', ...y }, color } },
    ],
  });
}

/** A curve of a run's training loss. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly loss: number }[];
}

/** Pretraining loss over steps, and the chance level as a dashed line where there is one. */
export async function lossPlot(curves: readonly Curve[], chance: number | null): Promise<string> {
  const level = chance === null ? [] : [{ chance, name: 'chance' }];
  const values = curves.flatMap(({ name, points }) => points.map(({ step, loss }) => ({ name, step, loss })));
  return render({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 560, height: 260, background: 'transparent', config,
    layer: [
      { data: { values: level }, mark: { type: 'rule', strokeDash: [6, 4], color: '#888' }, encoding: { y: { field: 'chance', type: 'quantitative' } } },
      { data: { values: level }, mark: { type: 'text', align: 'left', x: 4, dy: -7, fontSize: 12, color: '#888' }, encoding: { y: { field: 'chance', type: 'quantitative' }, text: { field: 'name' } } },
      {
        data: { values }, mark: { type: 'line', strokeWidth: 1.5 },
        encoding: {
          x: { field: 'step', type: 'quantitative', title: 'step' },
          y: { field: 'loss', type: 'quantitative', title: 'pretraining loss', scale: { zero: false } },
          color: { field: 'name', type: 'nominal', title: null, sort: curves.map(({ name }) => name), scale: { range: [...COLOURS, '#999999', '#000000'] } },
        },
      },
    ],
  });
}
