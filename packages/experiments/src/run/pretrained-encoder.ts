import { join } from 'node:path';
import { flattenTree } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { encoderState, saveWeights, type NetworkState } from '@noisy-pairs/models';
import { openKnnMonitor, pretrain, type Monitor, type PretrainResult } from '@noisy-pairs/training';
import { openMethod } from './open-method.ts';
import type { OpenRun } from './open-run.ts';

/**
 * Pretrains the encoder of a run, or goes on from its checkpoint; writes encoder.safetensors.
 * @param start borrowed: weights to begin with; random ones if absent
 */
export async function pretrainedEncoder(
  run: OpenRun,
  start: NetworkState | undefined,
): Promise<PretrainResult> {
  const { config, out, data, encoder, running } = run;
  const { steps, ...settings } = config.pretrain;
  const { normalise, seed, noisyShare, filter, views } = config;
  const monitor = await openMonitor(run);
  try {
    return await pretrain({
      ...settings,
      ...running,
      method: openMethod(encoder, config.method),
      normalise,
      seed,
      out,
      source: data.pairs,
      noisyShare,
      filter,
      views,
      length: { steps },
      ...(start ? { start } : {}),
      ...(monitor ? { monitor } : {}),
      onProgress: run.progressOf('pretraining'),
    });
  } finally {
    monitor?.close();
  }
}

/** @returns undefined where nothing is to be looked up */
async function openMonitor({
  config,
  data,
  encoder,
  running,
}: OpenRun): Promise<Monitor | undefined> {
  const { everyEpochs } = config.monitor;
  if (!data.labelled || everyEpochs === 0) return undefined;
  const { labels, monitor } = data.labelled;
  const { eager, precision } = running;
  const { knn, normalise } = config;
  return openKnnMonitor({
    encoder,
    labels,
    ...monitor,
    normalise,
    ...knn,
    everyEpochs,
    eager,
    precision,
  });
}

/**
 * The encoder as pretraining would have found it: the given weights, or those of the run's seed.
 * Writes encoder.safetensors.
 * @returns `start`, or fresh tensors that are the caller's
 */
export async function untrainedEncoder(
  { config, out, encoder, running }: OpenRun,
  start: NetworkState | undefined,
): Promise<NetworkState> {
  const random = Random.from(config.seed).split('method');
  const weights = start ?? encoderState(openMethod(encoder, config.method).init(random));
  running.beforeWrite?.();
  await saveWeights(join(out, 'encoder.safetensors'), flattenTree(weights));
  return weights;
}
