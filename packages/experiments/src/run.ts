import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf, under } from '@noisy-pairs/engine';
import { xview2Score } from '@noisy-pairs/evaluation';
import { Random, writeFileAtomic } from '@noisy-pairs/imaging';
import { encoderState, moco, resnet, saveWeights } from '@noisy-pairs/models';
import { pretrain, trainSegmentation, type EncoderWeights, type PretrainSummary, type Progress } from '@noisy-pairs/training';
import { configHash, type RunConfig } from './config.ts';
import { openRunData } from './run-data.ts';
import type { RunResult } from './run-result.ts';
import { addToScore } from './scored-batch.ts';

/** Where a run stands: which of its parts, and how far. */
export interface RunProgress extends Progress {
  readonly stage: 'pretraining' | 'segmentation' | 'damage';
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
 * One run, a pure function of its configuration: encoder (pretrained, or random, or none), then segmentation. Writes config.json, metrics.jsonl,
 * TensorBoard events, checkpoints, encoder.safetensors, segmentation.*, predictions/, and last result.json. Goes on from a checkpoint in `out`.
 */
export async function executeRun(config: RunConfig, out: string, how: RunHow): Promise<RunResult> {
  const started = performance.now();
  const { kind, seed, normalise, precision } = config;
  const { onProgress, onMessage, eager = false } = how;
  const running = { eager, precision, ...(onMessage ? { onMessage } : {}) };
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const { pairs, train, test, damage } = await openRunData(config);

  // ---- encoder
  const encoder = resnet(config.encoder);
  const method = moco(encoder, config.moco);
  let weights: EncoderWeights | undefined;
  let pretraining: PretrainSummary | undefined;
  if (kind === 'pretrained') {
    const { steps, ...settings } = config.pretrain;
    const result = await pretrain({
      ...settings, ...running, method, normalise, seed, out, source: pairs, noisyShare: config.noisyShare, views: config.views, length: { steps },
      onProgress: (progress) => { onProgress?.({ stage: 'pretraining', ...progress }); },
    });
    weights = result.encoder;
    pretraining = result.summary;
  } else if (kind === 'random') {
    weights = encoderState(method.init(Random.from(seed).split('method'))); // where pretraining would have begun
    await saveWeights(join(out, 'encoder.safetensors'), { ...under('params', weights.params), ...under('stats', weights.stats) });
  }

  // ---- segmentation
  const { mode, ...head } = config.head;
  const settings = {
    ...(kind === 'supervised' ? { ...config.supervised, mode: 'scratch-supervised' as const } : { ...head, mode: kind === 'random' ? ('frozen' as const) : mode }),
    ...(weights ? { weights } : {}),
    ...running, encoder, normalise, seed, predictions: config.predictions,
  };
  const segmentation = await trainSegmentation({ ...settings, out, train, test, onProgress: (progress) => { onProgress?.({ stage: 'segmentation', ...progress }); } });
  let damaged: RunResult['damage'];
  if (damage) {
    const score = xview2Score();
    const result = await trainSegmentation({
      ...settings, ...damage, out: join(out, 'damage'),
      onPredicted: (truth, prediction) => { addToScore(score, truth, prediction); },
      onProgress: (progress) => { onProgress?.({ stage: 'damage', ...progress }); },
    });
    damaged = { segmentation: result, xview2: score.result() };
  }
  if (weights) {
    disposeAll(weights.params);
    disposeAll(weights.stats);
  }

  // ---- result
  const { TF_Version: tensorflow } = (tf.backend() as unknown as { binding: { TF_Version: string } }).binding;
  const result: RunResult = {
    configHash: configHash(config),
    ...(pretraining ? { pretraining } : {}),
    segmentation,
    ...(damaged ? { damage: damaged } : {}),
    seconds: (performance.now() - started) / 1000,
    environment: { node: process.version, tensorflow, cpu: cpus()[0]?.model ?? 'unknown', threads: config.threads, steps: eager ? 'eager' : 'compiled', precision },
  };
  await writeFileAtomic(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
