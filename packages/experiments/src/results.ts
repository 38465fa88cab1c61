import { pairedDifference, summarise, type Summary } from '@noisy-pairs/evaluation';
import { stringify } from 'csv-stringify/sync';
import type { RunConfig } from './config.ts';
import type { NamedRun } from './grid.ts';
import type { RunResult } from './run-result.ts';

export interface FinishedRun extends NamedRun {
  readonly result: RunResult;
}

/** All runs that differ by their seed alone, summed up. Values are mean IoU, 0..1. */
export interface Cell {
  readonly kind: RunConfig['kind'];
  readonly imageNoise: number;
  readonly noisyShare: number;
  readonly meanIou: Summary;
  /** Of classes of damage from both images: the xView2 score over the classes that the test crops hold, 0..1; absent where damage was not asked for. */
  readonly damage?: { readonly meanIou: Summary; readonly xview2: Summary };
  /** To clean pairs, by seed; null for clean pairs, the bounds, and where no clean run of a same seed has finished. */
  readonly difference: Summary | null;
  /** Runs whose loss stayed at its chance level. */
  readonly notLearned: readonly string[];
}

/** What a sweep found. */
export interface SweepSummary {
  readonly recipe: string;
  readonly data: RunConfig['data']['kind'];
  readonly metric: 'meanIou';
  readonly cells: readonly Cell[];
  /** Runs that are missing: failed or not done. */
  readonly missing: readonly string[];
}

/** A row a run and metric: no times, so that the same results are the same bytes. */
export function resultsCsv(runs: readonly FinishedRun[]): string {
  const f1 = (iou: number | null) => (iou === null ? null : (2 * iou) / (1 + iou));
  const rows = runs.flatMap(({ config, result: { segmentation, damage, pretraining } }) => {
    const pretrained = config.kind === 'pretrained';
    const metrics: [string, number | null][] = [
      ['meanIou', segmentation.meanIou],
      ['pixelAccuracy', segmentation.pixelAccuracy],
      ...segmentation.classes.map(({ name, iou }): [string, number | null] => [`iou:${name}`, iou]),
      ...segmentation.classes.map(({ name, iou }): [string, number | null] => [`f1:${name}`, f1(iou)]),
      ...(damage ? damageMetrics(damage) : []),
      ...(pretraining ? [['pretrainingLoss', pretraining.finalLoss] as [string, number]] : []),
    ];
    return metrics.map(([metric, value]) => ({
      recipe: config.recipe,
      method: config.method,
      kind: config.kind,
      imageNoise: pretrained ? config.imageNoise : '',
      noisyShare: pretrained ? config.noisyShare : '',
      seed: config.seed,
      metric,
      value: value ?? '',
      learned: pretraining ? String(pretraining.learned) : '',
    }));
  });
  return stringify(rows, { header: true, columns: ['recipe', 'method', 'kind', 'imageNoise', 'noisyShare', 'seed', 'metric', 'value', 'learned'] });
}

function damageMetrics({ segmentation, xview2 }: NonNullable<RunResult['damage']>): [string, number | null][] {
  return [
    ['damage:meanIou', segmentation.meanIou],
    ...segmentation.classes.map(({ name, iou }): [string, number | null] => [`damage:iou:${name}`, iou]),
    ['xview2', xview2.score],
    ['xview2:localisation', xview2.localisation],
    ['xview2:damage', xview2.damage],
    ['xview2:scoreOfPresent', xview2.scoreOfPresent],
    ...xview2.classes.map(({ name, f1 }): [string, number | null] => [`xview2:f1:${name}`, xview2.absent.includes(name) ? null : f1]),
  ];
}

/** Seconds of each run, which differ from machine to machine. */
export function timingsCsv(runs: readonly FinishedRun[]): string {
  return stringify(runs.map(({ name, result }) => ({
    run: name,
    pretrainingSeconds: result.pretraining?.seconds ?? '',
    segmentationSeconds: result.segmentation.seconds,
    runSeconds: result.seconds,
  })), { header: true, columns: ['run', 'pretrainingSeconds', 'segmentationSeconds', 'runSeconds'] });
}

/** @param planned all runs of the sweep, in their order @param finished those that have a result */
export function summariseSweep(planned: readonly NamedRun[], finished: readonly FinishedRun[]): SweepSummary {
  const keyOf = ({ config }: NamedRun) => `${config.kind} ${config.imageNoise} ${config.noisyShare}`;
  const groups = new Map<string, FinishedRun[]>();
  for (const run of finished) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  const bySeed = (runs: readonly FinishedRun[]) => new Map(runs.map(({ config, result }) => [config.seed, result.segmentation.meanIou]));
  const clean = bySeed(groups.get('pretrained 0 0') ?? []);
  const cells = [...groups.values()].map((runs): Cell => {
    const { kind, imageNoise, noisyShare } = (runs[0] as FinishedRun).config;
    const values = bySeed(runs);
    const comparable = kind === 'pretrained' && noisyShare > 0 && [...values.keys()].some((seed) => clean.has(seed));
    return {
      kind,
      imageNoise,
      noisyShare,
      meanIou: summarise([...values.values()]),
      ...(runs.every(({ result }) => result.damage) ? { damage: {
        meanIou: summarise(runs.flatMap(({ result }) => result.damage?.segmentation.meanIou ?? [])),
        xview2: summarise(runs.flatMap(({ result }) => result.damage?.xview2.scoreOfPresent ?? [])),
      } } : {}),
      difference: comparable ? pairedDifference(values, clean) : null,
      notLearned: runs.filter(({ result }) => result.pretraining?.learned === false).map(({ name }) => name),
    };
  });
  const done = new Set(finished.map(({ name }) => name));
  return { recipe: planned[0]?.config.recipe ?? '', data: planned[0]?.config.data.kind ?? 'vts', metric: 'meanIou', cells, missing: planned.filter(({ name }) => !done.has(name)).map(({ name }) => name) };
}
