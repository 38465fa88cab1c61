import { pairedDifference, summarise, type Summary } from '@noisy-pairs/evaluation';
import { stringify } from 'csv-stringify/sync';
import type { RunConfig } from '../config/run-config.ts';
import { runsOf, type NamedRun, type PanelGrid } from '../sweep/grid.ts';
import { kindOf } from '../data/data-config.ts';
import type { Metric } from '../data/metric.ts';
import type { Setting } from '../config/setting.ts';
import type { RunResult } from '../run/run-result.ts';

export interface FinishedRun extends NamedRun {
  readonly result: RunResult;
}

/**
 * All runs of a setting, which differ by their seed alone, summed up. Values are the panel's
 * metric, 0..1.
 */
export interface Cell extends Setting {
  readonly score: Summary;
  /** Accuracy of the linear probe, 0..1; where images are classified. */
  readonly linear?: Summary;
  /**
   * Of classes of damage from both images: the xView2 score over the classes that the test crops
   * hold, 0..1; absent where damage was not asked for.
   */
  readonly damage?: { readonly meanIou: Summary; readonly xview2: Summary };
  /** Share of the pairs whose images are of two classes; where classes are known. */
  readonly falsePairs?: number;
  /**
   * To the setting that the data's noise is compared with (clean pairs; pairs by true labels), by
   * seed; null for that itself, the bounds, and where it has no run of a same seed.
   */
  readonly difference: Summary | null;
  /** Of a remedy: to keeping the noisy pairs at the same level and share, by seed. */
  readonly againstKeeping: Summary | null;
  /**
   * Runs whose loss stayed at its chance level, or whose features collapsed where the loss cannot
   * tell.
   */
  readonly notLearned: readonly string[];
}

/** What a panel's runs found. */
export interface PanelSummary {
  readonly name: string;
  readonly title: string;
  readonly data: RunConfig['data']['kind'];
  readonly method: RunConfig['method']['name'];
  /** Whether runs began with given weights, as the bound `random` then did too. */
  readonly init: boolean;
  readonly metric: Metric['name'];
  readonly cells: readonly Cell[];
}

/** What a sweep found. */
export interface SweepSummary {
  readonly recipe: string;
  readonly panels: readonly PanelSummary[];
  /** Runs that are missing: failed or not done. */
  readonly missing: readonly string[];
}

/** A row a run and metric: no times, so that the same results are the same bytes. */
export function resultsCsv(runs: readonly FinishedRun[]): string {
  const rows = runs.flatMap(({ config, result }) => {
    const pretrained = config.kind === 'pretrained';
    return metricsOf(result).map(([metric, value]) => ({
      recipe: config.recipe,
      data: config.data.kind,
      method: pretrained ? config.method.name : '',
      loss: pretrained ? ('robust' in config.method && config.method.robust ? 'rince' : 'own') : '',
      filter: pretrained ? config.filter : '',
      kind: config.kind,
      imageNoise: pretrained ? config.imageNoise : '',
      noisyShare: pretrained ? config.noisyShare : '',
      seed: config.seed,
      metric,
      value: value ?? '',
      learned: result.pretraining ? String(result.pretraining.learned) : '',
    }));
  });
  return stringify(rows, {
    header: true,
    columns: [
      'recipe',
      'data',
      'method',
      'loss',
      'filter',
      'kind',
      'imageNoise',
      'noisyShare',
      'seed',
      'metric',
      'value',
      'learned',
    ],
  });
}

type Values = readonly [string, number | null][];

function metricsOf({
  segmentation,
  classification,
  damage,
  pretraining,
  falsePairs,
}: RunResult): Values {
  const f1 = (iou: number | null) => (iou === null ? null : (2 * iou) / (1 + iou));
  return [
    ...(segmentation
      ? [
          ['meanIou', segmentation.meanIou] as const,
          ['pixelAccuracy', segmentation.pixelAccuracy] as const,
          ...segmentation.classes.map(({ name, iou }) => [`iou:${name}`, iou] as const),
          ...segmentation.classes.map(({ name, iou }) => [`f1:${name}`, f1(iou)] as const),
        ]
      : []),
    ...(classification
      ? [
          ['knnAccuracy', classification.knnAccuracy] as const,
          ['linearAccuracy', classification.accuracy] as const,
          ...classification.classes.map(
            ({ name, accuracy }) => [`linearAccuracy:${name}`, accuracy] as const,
          ),
        ]
      : []),
    ...(damage ? damageMetrics(damage) : []),
    ...(pretraining
      ? [
          ['pretrainingLoss', pretraining.finalLoss] as const,
          ['featureStd', pretraining.featureStd] as const,
        ]
      : []),
    ...(falsePairs === undefined ? [] : [['falsePairs', falsePairs] as const]),
  ].map(([name, value]) => [name, value]);
}

function damageMetrics({ segmentation, xview2 }: NonNullable<RunResult['damage']>): Values {
  return [
    ['damage:meanIou', segmentation.meanIou],
    ...segmentation.classes.map(({ name, iou }): [string, number | null] => [
      `damage:iou:${name}`,
      iou,
    ]),
    ['xview2', xview2.score],
    ['xview2:localisation', xview2.localisation],
    ['xview2:damage', xview2.damage],
    ['xview2:scoreOfPresent', xview2.scoreOfPresent],
    ...xview2.classes.map(({ name, f1 }): [string, number | null] => [
      `xview2:f1:${name}`,
      xview2.absent.includes(name) ? null : f1,
    ]),
  ];
}

/** Seconds of each run, which differ from machine to machine. */
export function timingsCsv(runs: readonly FinishedRun[]): string {
  return stringify(
    runs.map(({ name, result: { pretraining, segmentation, classification, seconds } }) => ({
      run: name,
      pretrainingSeconds: pretraining?.seconds ?? '',
      headSeconds: (segmentation ?? classification)?.seconds ?? '',
      runSeconds: seconds,
    })),
    { header: true, columns: ['run', 'pretrainingSeconds', 'headSeconds', 'runSeconds'] },
  );
}

/**
 * @param grids all settings of the sweep with their runs
 * @param finished those runs that have a result
 */
export function summariseSweep(
  recipe: string,
  grids: readonly PanelGrid[],
  finished: readonly FinishedRun[],
): SweepSummary {
  const results = new Map(finished.map(({ name, result }) => [name, result]));
  return {
    recipe,
    panels: grids.map((grid) => summarisePanel(grid, results)),
    missing: runsOf(grids)
      .filter(({ name }) => !results.has(name))
      .map(({ name }) => name),
  };
}

const keyOf = ({ kind, remedy, imageNoise, noisyShare }: Setting) =>
  `${kind} ${remedy} ${imageNoise} ${noisyShare}`;

function summarisePanel(
  { panel, entries }: PanelGrid,
  results: ReadonlyMap<string, RunResult>,
): PanelSummary {
  const { data, method, init } = panel.base;
  const kind = kindOf(data);
  const metric = kind.metric(data);
  if (!metric) throw new Error('report: expected data with labels, got none');
  /** Of each setting, its finished runs. */
  const groups = new Map<string, { setting: Setting; runs: FinishedRun[] }>();
  for (const { setting, run } of entries) {
    const result = results.get(run.name);
    if (!result) continue;
    const group = groups.get(keyOf(setting)) ?? { setting, runs: [] };
    group.runs.push({ ...run, result });
    groups.set(keyOf(setting), group);
  }
  const bySeed = (setting: Setting) =>
    new Map(
      groups
        .get(keyOf(setting))
        ?.runs.map(({ config, result }) => [config.seed, metric.of(result)]),
    );
  /** By seed; null where nothing can be compared. */
  const difference = (setting: Setting, to: Setting) => {
    const values = bySeed(setting),
      base = bySeed(to);
    return keyOf(setting) !== keyOf(to) && [...values.keys()].some((seed) => base.has(seed))
      ? pairedDifference(values, base)
      : null;
  };
  const cells = [...groups.values()].map(({ setting, runs }): Cell => {
    const noisy = setting.kind === 'pretrained' && setting.noisyShare > 0;
    const each = (value: (result: RunResult) => number | undefined) =>
      runs.flatMap(({ result }) => value(result) ?? []);
    const falsePairs = each((result) => result.falsePairs);
    return {
      ...setting,
      score: summarise([...bySeed(setting).values()]),
      ...(runs.every(({ result }) => result.classification)
        ? { linear: summarise(each((result) => result.classification?.accuracy)) }
        : {}),
      ...(runs.every(({ result }) => result.damage)
        ? {
            damage: {
              meanIou: summarise(each((result) => result.damage?.segmentation.meanIou)),
              xview2: summarise(each((result) => result.damage?.xview2.scoreOfPresent)),
            },
          }
        : {}),
      ...(falsePairs.length > 0 ? { falsePairs: summarise(falsePairs).mean } : {}),
      difference:
        noisy || setting.remedy !== 'keep'
          ? difference(setting, kind.words.baseline(setting))
          : null,
      againstKeeping:
        setting.remedy === 'keep' ? null : difference(setting, { ...setting, remedy: 'keep' }),
      notLearned: runs
        .filter(({ result }) => result.pretraining?.learned === false)
        .map(({ name }) => name),
    };
  });
  return {
    name: panel.name,
    title: panel.title,
    data: data.kind,
    method: method.name,
    init: init !== null,
    metric: metric.name,
    cells,
  };
}
