import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tensorflowVersion } from '@noisy-pairs/engine';
import type { NetworkState } from '@noisy-pairs/models';
import type { PretrainSummary } from '@noisy-pairs/training';
import { configHash, type RunConfig } from '../config/run-config.ts';
import { writeJsonFile } from './config-file.ts';
import { readInit } from './init-weights.ts';
import { openRun, type OpenRun } from './open-run.ts';
import { pretrainedEncoder, untrainedEncoder } from './pretrained-encoder.ts';
import type { RunHow } from './run-progress.ts';
import { sealed, type RunResult } from './result/run-result.ts';
import { filesOfRun } from './result/run-files.ts';
import { trainedHeads } from './trained-heads.ts';

/**
 * One run, a pure function of its configuration: encoder (pretrained, or as it was before, or
 * none), then segmentation or classification, where there are labels. Writes config.json,
 * metrics.jsonl, TensorBoard events, checkpoints, encoder.safetensors, segmentation.* and
 * predictions/ or classification.*, and last result.json. Goes on from a checkpoint in `out`.
 */
export async function executeRun(config: RunConfig, out: string, how: RunHow): Promise<RunResult> {
  const started = performance.now();
  await mkdir(out, { recursive: true });
  how.beforeWrite?.();
  await writeJsonFile(join(out, 'config.json'), config);
  const run = await openRun(config, out, how);
  const { labelled, falsePairs, counts } = run.data;
  if (!labelled && config.kind === 'supervised')
    throw new Error('kind: expected pretrained or random on data without labels, got supervised');

  const start = config.init ? await readInit(config.init, run.encoder) : undefined;
  const { weights, pretraining } = await trainedEncoder(run, start);
  const measured = labelled ? await trainedHeads(run, labelled, weights) : {};
  for (const owned of new Set([weights, start])) if (owned) disposeAll(owned);

  const result = sealed({
    configHash: configHash(config),
    ...(pretraining ? { pretraining } : {}),
    ...measured,
    ...(pretraining && falsePairs !== undefined ? { falsePairs } : {}),
    ...(pretraining && counts ? { counts } : {}),
    seconds: (performance.now() - started) / 1000,
    environment: environmentOf(run),
    files: await filesOfRun(out),
  });
  how.beforeWrite?.();
  await writeJsonFile(join(out, 'result.json'), result);
  return result;
}

/**
 * The encoder that heads are trained on, absent where all is trained with labels.
 * @param start weights to begin with; the bound without pretraining has them as they are
 */
async function trainedEncoder(
  run: OpenRun,
  start: NetworkState | undefined,
): Promise<{ readonly weights?: NetworkState; readonly pretraining?: PretrainSummary }> {
  const { kind } = run.config;
  if (kind === 'supervised') return {};
  if (kind === 'random') return { weights: await untrainedEncoder(run, start) };
  const { encoder, summary } = await pretrainedEncoder(run, start);
  return { weights: encoder, pretraining: summary };
}

const environmentOf = ({ config, running }: OpenRun): RunResult['environment'] => ({
  node: process.version,
  tensorflow: tensorflowVersion(),
  cpu: cpus()[0]?.model ?? 'unknown',
  threads: config.threads,
  steps: running.eager ? 'eager' : 'compiled',
  precision: config.precision,
});
