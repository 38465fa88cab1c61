import type { Settings } from '../run-folder/checkpoint-format.ts';
import type { Method } from '@noisy-pairs/models';
import type { PretrainOptions } from './options.ts';

/**
 * The settings that decide the result, and so must agree when a run is taken up.
 * @param start hash of the encoder that it began with, if one was given
 */
export function settingsOf(
  options: PretrainOptions,
  steps: number,
  start: string | undefined,
): Settings {
  const { method, source, filter = 'none', optimizer = 'sgd', precision = 'float32' } = options;
  return {
    method: method.name,
    ...fingerprint(method),
    start,
    source: { factory: source.factory, options: source.options },
    noisyShare: options.noisyShare,
    filter,
    views: options.views,
    normalise: options.normalise,
    batchSize: options.batchSize,
    steps,
    learningRate: options.learningRate,
    warmupSteps: options.warmupSteps,
    holdSteps: options.holdSteps,
    finalLearningRate: options.finalLearningRate,
    optimizer,
    momentum: options.momentum,
    weightDecay: options.weightDecay,
    clipNorm: options.clipNorm,
    precision,
    seed: options.seed,
    checkpointEvery: options.checkpointEvery,
    logEvery: options.logEvery,
  };
}

/**
 * The configurations of method and encoder, by name; the shapes of tensors do not tell all of them.
 */
function fingerprint({ config, encoder }: Method): Settings {
  return { ...named('method', config), ...named('encoder', encoder.config) };
}

function named(prefix: string, config: object): Settings {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [`${prefix}.${name}`, value as unknown]),
  );
}
