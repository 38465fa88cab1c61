import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// not the whole package: the sweep itself needs no TensorFlow
import { readMetrics } from '@noisy-pairs/training/run-log';
import { cellName } from './setting-name.ts';
import { curvePlot, type Curve } from './curve-plot.ts';
import type { PanelGrid } from '../sweep/grid.ts';
import { escape, figure, table } from './html.ts';
import { metrics } from '../data/metric.ts';
import { methodTitle } from '../config/methods.ts';
import { damageTable, resultTable } from './table.ts';
import type { FinishedRun, PanelSummary } from './summary.ts';
import type { Picture } from '../data/picture.ts';

/**
 * What the report says of one panel: its table, what seed 0's heads predict, and how its runs went.
 */
export async function panelSection(
  { panel, entries }: PanelGrid,
  summary: PanelSummary,
  finished: ReadonlyMap<string, FinishedRun>,
  folderOf: (run: FinishedRun) => string,
): Promise<string> {
  // A run may stand for several settings; the first names it.
  const first = new Map<string, { run: FinishedRun; caption: string }>();
  for (const { setting, run } of entries) {
    const done = finished.get(run.name);
    if (done && run.config.seed === 0 && !first.has(run.name))
      first.set(run.name, { run: done, caption: cellName(setting, summary) });
  }
  const metric = metrics[summary.metric];
  const predictions = [...first.values()].flatMap(({ run, caption }): Picture[] => {
    const files = ['predictions', join('damage', 'predictions')].flatMap((sub) => {
      const folder = join(folderOf(run), sub);
      return existsSync(folder)
        ? readdirSync(folder)
            .sort()
            .slice(0, 2)
            .map((file) => join(folder, file))
        : [];
    });
    return files.map((file) => ({
      caption: `${caption}: ${metric.of(run.result).toFixed(3)}`,
      uri: `data:image/png;base64,${readFileSync(file).toString('base64')}`,
    }));
  });
  const curves: Curve[] = [];
  for (const { run, caption } of first.values()) {
    if (run.config.kind === 'pretrained')
      curves.push({
        name: caption,
        lines: await readMetrics(join(folderOf(run), 'metrics.jsonl')),
      });
  }
  const pretraining = [...first.values()].find(
    ({ run }) => run.result.pretraining?.chanceLoss != null,
  )?.run.result.pretraining;
  const levels = [
    ...(pretraining?.chanceLoss == null
      ? []
      : [{ name: 'all embeddings one', value: pretraining.chanceLoss }]),
    ...(pretraining?.randomLoss == null
      ? []
      : [{ name: 'random embeddings', value: pretraining.randomLoss }]),
  ];
  const { head, rows } = resultTable(summary),
    damage = damageTable(summary);
  return `<h2>${escape(summary.title)}</h2>
${table(head, rows)}
${
  damage.rows.length > 0
    ? `<h3>Damage from both images</h3>
<p>A head on both images' frozen features and their difference: background and four classes of damage. xView2 score: 0.3 F1 of buildings + 0.7 harmonic mean of the classes' F1, over the classes that the test crops hold (the official score counts absent ones as 0; both are in results.csv).</p>
${table(damage.head, damage.rows)}`
    : ''
}
${predictions.length > 0 ? '<details open><summary>What they predict: held-out images (two for damage), truth, ' + 'prediction; seed 0</summary><div class="row ' + `predictions">${predictions.map(figure).join('')}</div></details>` : ''}
${
  curves.length === 0
    ? '<p>No run was pretrained.</p>'
    : `<details open><summary>Pretraining with ${methodTitle(panel.base.method.name)}, seed 0</summary>
${await curvePlot(curves, [
  { name: 'loss', title: 'loss', levels },
  {
    name: 'knnAccuracy',
    title: summary.metric === 'knnAccuracy' ? 'kNN accuracy, images' : 'kNN accuracy, cells',
  },
  { name: 'featureStd', title: 'spread of features' },
  { name: 'falseNegatives', title: 'false negatives' },
  { name: 'falsePositives', title: 'false pairs' },
])}
<p>${levels.length > 0 ? 'Dashed: the losses of encoders that know nothing. ' : 'This loss has no chance level: a collapse shows in the spread alone. '}It is natural that noisy pairs end at a higher loss: their images are less alike. Spread: 1 for embeddings that fill the sphere evenly, 0 for a collapse into one.${curves.some(({ lines }) => lines.some(({ falseNegatives }) => falseNegatives !== undefined)) ? " False negatives: the share of the queue that is of the query's class; false pairs: the share " + "of a batch's pairs whose two classes differ." : ''}</p></details>`
}`;
}
