import { stringify } from 'csv-stringify/sync';
import type { RunConfig } from '../../config/run-config.ts';
import type { RunResult } from '../../run/result/run-result.ts';
import type { FinishedRun } from '../summary/setting-runs.ts';

/** Numbers of a result by their names in results.csv; null where a class is absent. */
type Values = readonly (readonly [name: string, value: number | null])[];

/**
 * A row a run and metric: no times, so that the same results are the same bytes. Where runs are of
 * arms, their choice of pairs is the last column.
 */
export function resultsCsv(runs: readonly FinishedRun[]): string {
  const rows = runs.flatMap(({ config, result }) =>
    metricsOf(result).map(([metric, value]) => ({
      ...settingColumns(config),
      seed: config.seed,
      metric,
      value: value ?? '',
      learned: result.pretraining ? String(result.pretraining.learned ?? '') : '',
    })),
  );
  const hasArms = runs.some(({ config }) => config.choice !== undefined);
  const columns = hasArms ? [...resultColumns, 'choice'] : resultColumns;
  return stringify(rows, { header: true, columns });
}

const resultColumns = [
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
];

/** The bounds have no setting of pretraining. */
function settingColumns(config: RunConfig): Record<string, string | number> {
  const { recipe, data, kind, method, filter, imageNoise, noisyShare, choice = '' } = config;
  const common = { recipe, data: data.kind, kind };
  if (kind !== 'pretrained') return common;
  const robust = 'robust' in method && method.robust !== null;
  const loss = robust ? 'rince' : 'own';
  return { ...common, method: method.name, loss, filter, imageNoise, noisyShare, choice };
}

function metricsOf({
  segmentation,
  classification,
  damage,
  pretraining,
  falsePairs,
  counts = {},
}: RunResult): Values {
  return [
    ...(segmentation ? segmentationMetrics(segmentation) : []),
    ...(classification ? classificationMetrics(classification) : []),
    ...(damage ? damageMetrics(damage) : []),
    ...(pretraining
      ? ([
          ['pretrainingLoss', pretraining.finalLoss],
          ['featureStd', pretraining.featureStd],
        ] as const)
      : []),
    ...(falsePairs === undefined ? [] : [['falsePairs', falsePairs] as const]),
    ...Object.entries(counts).map(([name, value]) => [`pairs:${name}`, value] as const),
  ];
}

function segmentationMetrics({
  meanIou,
  pixelAccuracy,
  classes,
}: NonNullable<RunResult['segmentation']>): Values {
  const f1 = (iou: number | null) => (iou === null ? null : (2 * iou) / (1 + iou));
  return [
    ['meanIou', meanIou],
    ['pixelAccuracy', pixelAccuracy],
    ...classes.map(({ name, iou }) => [`iou:${name}`, iou] as const),
    ...classes.map(({ name, iou }) => [`f1:${name}`, f1(iou)] as const),
  ];
}

function classificationMetrics({
  knnAccuracy,
  accuracy,
  classes,
}: NonNullable<RunResult['classification']>): Values {
  return [
    ['knnAccuracy', knnAccuracy],
    ['linearAccuracy', accuracy],
    ...classes.map((one) => [`linearAccuracy:${one.name}`, one.accuracy] as const),
  ];
}

function damageMetrics({ segmentation, xview2 }: NonNullable<RunResult['damage']>): Values {
  const f1 = ({ name, f1: value }: (typeof xview2.classes)[number]) =>
    xview2.absent.includes(name) ? null : value;
  return [
    ['damage:meanIou', segmentation.meanIou],
    ...segmentation.classes.map(({ name, iou }) => [`damage:iou:${name}`, iou] as const),
    ['xview2', xview2.score],
    ['xview2:localisation', xview2.localisation],
    ['xview2:damage', xview2.damage],
    ['xview2:scoreOfPresent', xview2.scoreOfPresent],
    ...xview2.classes.map((one) => [`xview2:f1:${one.name}`, f1(one)] as const),
  ];
}

/** Seconds of each run, which differ from machine to machine. */
export function timingsCsv(runs: readonly FinishedRun[]): string {
  const rows = runs.map(({ name, result }) => ({
    run: name,
    pretrainingSeconds: result.pretraining?.seconds ?? '',
    headSeconds: (result.segmentation ?? result.classification)?.seconds ?? '',
    runSeconds: result.seconds,
  }));
  const columns = ['run', 'pretrainingSeconds', 'headSeconds', 'runSeconds'];
  return stringify(rows, { header: true, columns });
}
