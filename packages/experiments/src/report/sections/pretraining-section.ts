import { join } from 'node:path';
import { type Markup, markup, trusted } from '@noisy-pairs/pages';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { methodTitle } from '../../config/methods.ts';
import { curvePlot, isLogged, type Curve, type Level } from '../plots/curve-plot.ts';
import type { FinishedRun } from '../summary/setting-runs.ts';

/** A run with its setting in words. */
export interface CaptionedRun {
  readonly run: FinishedRun;
  readonly caption: string;
  /** The run's folder. */
  readonly folder: string;
}

/** Curves of a panel's pretrained runs, and how to read them. */
export async function pretrainingSection(runs: readonly CaptionedRun[]): Promise<Markup> {
  const [first] = runs.filter(({ run }) => run.config.kind === 'pretrained');
  if (!first) return markup`<p>No run was pretrained.</p>`;
  const curves = await readCurves(runs);
  const levels = chanceLevels(runs);
  const images = runs.some(({ run }) => run.result.classification);
  const plot = await curvePlot(curves, [
    { name: 'loss', title: 'loss', levels },
    { name: 'knnAccuracy', title: `kNN accuracy, ${images ? 'images' : 'cells'}` },
    { name: 'featureStd', title: 'spread of features' },
    { name: 'falseNegatives', title: 'false negatives' },
    { name: 'falsePositives', title: 'false pairs' },
  ]);
  return markup`
    <details open>
    <summary>Pretraining with ${methodTitle(first.run.config.method.name)}, seed 0</summary>

    ${trusted(plot)}

    <p>
    ${levels.length > 0 ? chanceText : noChanceText}
    It is natural that noisy pairs end at a higher loss: their images are less alike. Spread: 1 for
    embeddings that fill the sphere evenly, 0 for a collapse into one.
    ${isLogged(curves, 'falseNegatives') ? falsePairText : ''}
    </p></details>
  `;
}

const chanceText = 'Dashed: the losses of encoders that know nothing.';
const noChanceText = 'This loss has no chance level: a collapse shows in the spread alone.';
const falsePairText =
  "False negatives: the share of the queue that is of the query's class; false pairs: the share " +
  "of a batch's pairs whose two classes differ.";

async function readCurves(runs: readonly CaptionedRun[]): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const { run, caption, folder } of runs)
    if (run.config.kind === 'pretrained')
      curves.push({ name: caption, lines: await readMetrics(join(folder, 'metrics.jsonl')) });
  return curves;
}

/** Losses of encoders that know nothing, where the method's loss has such levels. */
function chanceLevels(runs: readonly CaptionedRun[]): Level[] {
  const [known] = runs.flatMap(({ run: { result } }) =>
    result.pretraining?.chanceLoss == null ? [] : [result.pretraining],
  );
  const levels = [
    { name: 'all embeddings one', value: known?.chanceLoss ?? null },
    { name: 'random embeddings', value: known?.randomLoss ?? null },
  ];
  return levels.filter((level): level is Level => level.value !== null);
}
