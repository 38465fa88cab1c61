import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMetrics } from '@noisy-pairs/training/run-log'; // not the whole package: the sweep itself needs no TensorFlow
import type { RunConfig, SweepConfig } from './config.ts';
import type { Summary } from '@noisy-pairs/evaluation';
import { noiseWords } from './noise-words.ts';
import { lossPlot, trendPlot, type Curve } from './plot.ts';
import type { Cell, FinishedRun, SweepSummary } from './results.ts';
import { samplePictures, type Picture } from './samples.ts';
import { formatDifference, verdict } from './verdict.ts';

export interface ReportOptions {
  readonly sweep: SweepConfig;
  readonly summary: SweepSummary;
  readonly finished: readonly FinishedRun[];
  readonly folderOf: (run: FinishedRun) => string;
  /** The command that gives this sweep. */
  readonly command: string;
}

/** Methods as their authors write them. */
const methodNames = { moco: 'MoCo v2' } as const;

const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  `<table><thead><tr>${head.map((h) => `<th>${escape(h)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((c) => `<td>${escape(c)}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
const picture = ({ caption, uri }: Picture) => `<figure><img src="${uri}" alt="${escape(caption)}"><figcaption>${escape(caption)}</figcaption></figure>`;

export function cellName({ kind, imageNoise, noisyShare }: Pick<Cell, 'kind' | 'imageNoise' | 'noisyShare'>, data: RunConfig['data']['kind']): string {
  if (kind === 'random') return 'random encoder';
  if (kind === 'supervised') return 'trained with labels';
  return noisyShare === 0 ? 'clean pairs' : `${noiseWords[data].level} ${imageNoise}, noisy share ${noisyShare}`;
}

/** A row a cell: name, mean IoU, interval, difference, runs. */
export function resultRows({ cells, data }: SweepSummary): string[][] {
  return cells.map((cell) => {
    const { mean, interval95, count } = cell.meanIou;
    return [
      cellName(cell, data),
      mean.toFixed(3),
      interval95 ? `${interval95[0].toFixed(3)} .. ${interval95[1].toFixed(3)}` : '-',
      cell.difference ? formatDifference(cell.difference) : '-',
      cell.notLearned.length > 0 ? `${count}, ${cell.notLearned.length} not learned` : String(count),
    ];
  });
}
export const resultColumns = ['encoder', 'mean IoU', '95 % interval', 'against clean pairs, by seed', 'runs'];

/** Damage classes from both images, where they were learned. */
function damageTable({ cells, data }: SweepSummary): string {
  const range = ({ mean, interval95 }: Summary) => `${mean.toFixed(3)}${interval95 ? ` [${interval95[0].toFixed(3)}, ${interval95[1].toFixed(3)}]` : ''}`;
  return `<h3>Damage from both images</h3>
<p>A head on both images' frozen features and their difference: background and four classes of damage. xView2 score: 0.3 F1 of buildings + 0.7 harmonic mean of the classes' F1, over the classes that the test crops hold (the official score counts absent ones as 0; both are in results.csv).</p>
${table(['encoder', 'mean IoU', 'xView2 score'], cells.flatMap((cell) => (cell.damage ? [[cellName(cell, data), range(cell.damage.meanIou), range(cell.damage.xview2)]] : [])))}`;
}

/** One self-contained HTML page: nothing is loaded from elsewhere. */
export async function reportHtml({ sweep, summary, finished, folderOf, command }: ReportOptions): Promise<string> {
  const { base } = sweep, { cells } = summary;
  const first = finished.filter(({ config }) => config.seed === 0);
  const curves: Curve[] = [];
  for (const run of first.filter(({ config }) => config.kind === 'pretrained')) {
    const lines = await readMetrics(join(folderOf(run), 'metrics.jsonl'));
    curves.push({ name: cellName(run.config, base.data.kind), points: lines.map(({ step, ['loss']: loss }) => ({ step, loss: loss ?? NaN })) });
  }
  const chance = finished.find(({ result }) => result.pretraining)?.result.pretraining?.chanceLoss;
  const predictions = first.flatMap((run): Picture[] => {
    const files = ['predictions', join('damage', 'predictions')].flatMap((sub) => {
      const folder = join(folderOf(run), sub);
      return existsSync(folder) ? readdirSync(folder).sort().slice(0, 2).map((file) => join(folder, file)) : [];
    });
    return files.map((file) => ({ caption: `${cellName(run.config, base.data.kind)}: ${run.result.segmentation.meanIou.toFixed(3)}`, uri: `data:image/png;base64,${readFileSync(file).toString('base64')}` }));
  });
  const samples = await samplePictures(sweep, 3);
  const seconds = finished.reduce((sum, { result }) => sum + result.seconds, 0);
  const environment = finished[0]?.result.environment;

  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Noisy Pairs: ${escape(base.recipe)}</title>
<style>
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
.verdict { font-size: 1.15rem; background: #eef5fb; border-left: 5px solid #0072b2; padding: .8rem 1rem; }
table { border-collapse: collapse; font-size: .92rem; } th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e4e4e4; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; margin-bottom: .6rem; } figure { margin: 0; } figcaption { font-size: .8rem; color: #666; }
.samples img { width: 128px; height: 128px; image-rendering: pixelated; } .predictions img { width: 288px; image-rendering: pixelated; }
svg { max-width: 100%; height: auto; } code { background: #f3f3f3; padding: .1rem .3rem; } pre { background: #f3f3f3; padding: .7rem; overflow-x: auto; font-size: .8rem; }
</style></head><body>
<h1>Do noisy positive pairs hurt?</h1>
<p>Sweep <b>${escape(base.recipe)}</b>, after ${escape(sweep.figure)} of Gerard &amp; Sullivan: encoders pretrained with ${methodNames[base.method]} on pairs of which a share is noisy, frozen, and measured by a segmentation head.</p>
<p class="verdict">${escape(verdict(summary))}</p>
<h2>Mean IoU over the share of noisy pairs</h2>
${await trendPlot(summary)}
<p>${escape(noiseWords[base.data.kind].noisy)} Bars are 95 % confidence intervals over seeds (Student's t); the dashed lines are the bounds.</p>
${table(resultColumns, resultRows(summary))}
${cells.some(({ damage }) => damage) ? damageTable(summary) : ''}
<p>Differences are taken run by run between runs of one seed, which share data and start; intervals are per setting, without a correction for the number of settings.</p>
<h2>What the encoders saw</h2>
<div class="samples">${samples.map((row) => `<div class="row">${row.map(picture).join('')}</div>`).join('')}</div>
<h2>What they predict</h2>
<p>Held-out images: image (two for damage), truth, prediction. Seed 0.</p>
<div class="row predictions">${predictions.map(picture).join('')}</div>
<h2>Pretraining</h2>
${chance === undefined ? '<p>No run was pretrained.</p>' : await lossPlot(curves, chance)}
<p>Seed 0. Chance is the loss of an encoder that gives every image the same embedding. It is natural that noisy pairs end higher: their images are less alike.</p>
<h2>What is assumed</h2>
<p>The study is known to us by its abstract and figure captions. These choices are ours; read the trend, not the study's numbers.</p>
${table(['field', 'choice', 'why'], sweep.assumptions)}
<h2>How to get this again</h2>
<pre>${escape(command)}</pre>
<p>${finished.length} runs, ${Math.round(seconds / 60)} minutes of run time on ${escape(environment?.cpu ?? '?')} (${environment?.threads ?? '?'} thread a run, ${environment?.steps ?? '?'} steps, ${environment?.precision ?? '?'}), Node ${escape(environment?.node ?? '?')}, TensorFlow ${escape(environment?.tensorflow ?? '?')}.</p>
<details><summary>Complete configuration of a run</summary><pre>${escape(JSON.stringify(base, null, 2))}</pre></details>
</body></html>
`;
}
