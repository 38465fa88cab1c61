import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tensorflowVersion, under } from '@noisy-pairs/engine';
import { xview2Score } from '@noisy-pairs/evaluation';
import { Random, writeFileAtomic } from '@noisy-pairs/imaging';
import {
  encoderState,
  importEncoder,
  resnet,
  saveWeights,
  type Encoder,
} from '@noisy-pairs/models';
import {
  openKnnMonitor,
  pretrain,
  trainClassification,
  trainSegmentation,
  type EncoderWeights,
  type PretrainSummary,
  type Progress,
  type SegmentationOptions,
} from '@noisy-pairs/training';
import { configHash, type RunConfig } from '../config/run-config.ts';
import { openMethod } from './open-method.ts';
import { openRunData } from '../data/open-data.ts';
import type { RunResult } from './run-result.ts';
import { addToScore } from '../xview2/scored-batch.ts';

/** Where a run stands: which of its parts, and how far. */
export interface RunProgress extends Progress {
  readonly stage: 'pretraining' | 'segmentation' | 'classification' | 'damage';
}

/** What does not change a run's result. */
export interface RunHow {
  /** Steps run op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called with lines for the run's log. */
  readonly onMessage?: (line: string) => void;
}

/**
 * One run, a pure function of its configuration: encoder (pretrained, or as it was before, or
 * none), then segmentation or classification. Writes config.json, metrics.jsonl, TensorBoard
 * events, checkpoints, encoder.safetensors, segmentation.* and predictions/ or classification.*,
 * and last result.json. Goes on from a checkpoint in `out`.
 */
export async function executeRun(config: RunConfig, out: string, how: RunHow): Promise<RunResult> {
  const started = performance.now();
  const { kind, seed, normalise, precision, knn } = config;
  const { onProgress, onMessage, eager = false } = how;
  const running = { eager, precision, ...(onMessage ? { onMessage } : {}) };
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const { pairs, labelled, falsePairs } = await openRunData(config);
  if (!labelled) throw new Error('data: expected labels, got none');
  const { labels, train, test, damage, monitor: looks } = labelled;

  // ---- encoder
  const encoder = resnet(config.encoder);
  const start = config.init ? await readInit(config.init, encoder) : undefined;
  let weights: EncoderWeights | undefined;
  let pretraining: PretrainSummary | undefined;
  if (kind === 'pretrained') {
    const { steps, ...settings } = config.pretrain,
      { everyEpochs } = config.monitor;
    const monitor =
      everyEpochs > 0
        ? await openKnnMonitor({
            encoder,
            kind: labels,
            ...looks,
            normalise,
            ...knn,
            everyEpochs,
            eager,
            precision,
          })
        : undefined;
    const result = await pretrain({
      ...settings,
      ...running,
      method: openMethod(encoder, config.method),
      normalise,
      seed,
      out,
      source: pairs,
      noisyShare: config.noisyShare,
      filter: config.filter,
      views: config.views,
      length: { steps },
      ...(start ? { start } : {}),
      ...(monitor ? { monitor } : {}),
      onProgress: (progress) => {
        onProgress?.({ stage: 'pretraining', ...progress });
      },
    }).finally(() => {
      monitor?.close();
    });
    weights = result.encoder;
    pretraining = result.summary;
  } else if (kind === 'random') {
    weights =
      start ??
      // where pretraining would have begun
      encoderState(openMethod(encoder, config.method).init(Random.from(seed).split('method')));
    await saveWeights(join(out, 'encoder.safetensors'), {
      ...under('params', weights.params),
      ...under('stats', weights.stats),
    });
  }

  // ---- what it is good for
  const { mode, ...head } = config.head;
  const settings = {
    ...(kind === 'supervised'
      ? { ...config.supervised, mode: 'scratch-supervised' as const }
      : { ...head, mode: kind === 'random' ? ('frozen' as const) : mode }),
    ...(weights ? { weights } : {}),
    ...running,
    encoder,
    normalise,
    seed,
  };
  const result: Pick<RunResult, 'segmentation' | 'classification' | 'damage'> =
    labels === 'classes'
      ? {
          classification: await trainClassification({
            ...settings,
            knn,
            out,
            train,
            test,
            onProgress: (progress) => {
              onProgress?.({ stage: 'classification', ...progress });
            },
          }),
        }
      : {
          segmentation: await trainSegmentation({
            ...settings,
            predictions: config.predictions,
            out,
            train,
            test,
            onProgress: (progress) => {
              onProgress?.({ stage: 'segmentation', ...progress });
            },
          }),
          ...(damage
            ? {
                damage: await learnDamage({
                  ...settings,
                  predictions: config.predictions,
                  ...damage,
                  out: join(out, 'damage'),
                  onProgress: (progress) => {
                    onProgress?.({ stage: 'damage', ...progress });
                  },
                }),
              }
            : {}),
        };
  for (const owned of new Set([weights, start])) {
    if (!owned) continue;
    disposeAll(owned.params);
    disposeAll(owned.stats);
  }

  // ---- result
  const complete: RunResult = {
    configHash: configHash(config),
    ...(pretraining ? { pretraining } : {}),
    ...result,
    ...(kind === 'pretrained' && falsePairs !== undefined ? { falsePairs } : {}),
    seconds: (performance.now() - started) / 1000,
    environment: {
      node: process.version,
      tensorflow: tensorflowVersion(),
      cpu: cpus()[0]?.model ?? 'unknown',
      threads: config.threads,
      steps: eager ? 'eager' : 'compiled',
      precision,
    },
  };
  await writeFileAtomic(join(out, 'result.json'), `${JSON.stringify(complete, null, 2)}\n`);
  return complete;
}

async function learnDamage(
  options: Omit<SegmentationOptions, 'onPredicted'>,
): Promise<NonNullable<RunResult['damage']>> {
  const score = xview2Score();
  const segmentation = await trainSegmentation({
    ...options,
    onPredicted: (truth, prediction) => {
      addToScore(score, truth, prediction);
    },
  });
  return { segmentation, xview2: score.result() };
}

/** @throws if the file is not the one that the configuration means, or not of this encoder */
async function readInit(
  { file, sha256 }: NonNullable<RunConfig['init']>,
  encoder: Encoder,
): Promise<EncoderWeights> {
  const found = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (found !== sha256)
    throw new Error(`${file}: expected a file of SHA-256 ${sha256}, got ${found}`);
  return importEncoder(file, encoder);
}
