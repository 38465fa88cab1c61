import { createHash } from 'node:crypto';
import { pairFilters } from '@noisy-pairs/pairs';
import { z } from 'zod';
import { dataConfig, kindOf } from '../data/data-config.ts';
import { methodConfig } from './methods.ts';
import { encoderConfig, inputScale } from './network-config.ts';
import { pairChoice } from './arms.ts';
import { count, interval, positive, share } from './ranges.ts';
import { runKinds } from './setting.ts';

const pretrainConfig = z
  .strictObject({
    steps: count,
    batchSize: count,
    learningRate: positive,
    /** First steps, at learning rate 0, while the queue fills with keys. */
    holdSteps: z.int().min(0),
    warmupSteps: z.int().min(0),
    finalLearningRate: z.number().min(0),
    optimizer: z.enum(['sgd', 'lars']),
    momentum: share,
    weightDecay: z.number().min(0),
    /** Steps from one checkpoint to the next, and from one line of the log to the next. */
    checkpointEvery: count,
    logEvery: count,
    /** Threads that make batches. */
    workers: z.int().min(0),
  })
  .check(({ value: { steps, holdSteps, warmupSteps }, issues }) => {
    const input = holdSteps + warmupSteps;
    if (input >= steps)
      issues.push({
        code: 'custom',
        message: `expected fewer than the ${steps} steps of the run, with holdSteps`,
        path: ['warmupSteps'],
        input,
      });
  });

/** Fields that all runs of a panel share. Each is required: a run is described completely. */
export const panelFields = {
  method: methodConfig,
  data: dataConfig,
  /** Encoder weights to begin with: a .safetensors file and its SHA-256; null: random ones. */
  init: z.strictObject({ file: z.string().min(1), sha256: z.string().length(64) }).nullable(),
  normalise: inputScale,
  encoder: encoderConfig,
  views: z.strictObject({
    size: z.int().min(2),
    scale: interval,
    ratio: interval,
    flip: share,
    flipVertical: share,
    quarterTurns: z.boolean(),
    jitter: z.strictObject({
      probability: share,
      brightness: z.number().min(0),
      contrast: z.number().min(0),
      saturation: z.number().min(0),
      hue: z.number().min(0).max(0.5),
    }),
    grey: share,
    blur: z.strictObject({ probability: share, sigma: interval }),
  }),
  pretrain: pretrainConfig,
  /**
   * Nearest neighbours that vote, and the temperature of their votes: of whole images where these
   * are classified, of positions of the feature map while pretraining.
   */
  knn: z.strictObject({ k: count, temperature: positive }),
  /**
   * Every so many epochs of pretraining (0: never), neighbours are looked up for so many held-out
   * labelled images among so many others.
   */
  monitor: z.strictObject({ everyEpochs: z.number().min(0), bank: count, queries: count }),
  /**
   * Training of the head after pretraining, of segmentation or classification: on the frozen
   * encoder, or of everything.
   */
  head: z.strictObject({
    mode: z.enum(['frozen', 'finetune']),
    epochs: positive,
    batchSize: count,
    learningRates: z.array(positive).min(1),
    optimizer: z.enum(['sgd', 'adamw']),
    weightDecay: z.number().min(0),
  }),
  /** The upper bound: encoder and head trained with labels from a random start. */
  supervised: z.strictObject({
    epochs: positive,
    batchSize: count,
    learningRates: z.array(positive).min(1),
    optimizer: z.enum(['sgd', 'adamw']),
    weightDecay: z.number().min(0),
  }),
  /** Number of predicted masks that are written as pictures. */
  predictions: z.int().min(0),
  /**
   * Threads of TensorFlow in a run's process. With more than one, sums may be added in another
   * order from run to run.
   */
  threads: count,
  /** Precision of the networks; bf16 needs a processor with AMX or AVX512-BF16, or a GPU. */
  precision: z.enum(['float32', 'bf16']),
};

/** One run, completely: its config.json. */
export const runConfig = z.strictObject({
  /** Name of the recipe. */
  recipe: z.string().min(1),
  ...panelFields,
  kind: z.enum(runKinds),
  /** Seed of everything that is drawn, the data included. */
  seed: z.int().min(0),
  /** How noisy a noisy pair is, as `words` of its kind of data say it. */
  imageNoise: share,
  /** Share of the pairs that are noisy. */
  noisyShare: share,
  /** Whether noisy pairs are trained on, left out, or exchanged for clean ones. */
  filter: z.enum(pairFilters),
  /** The pairs of an arm, as its kind of data knows them; absent: those of the noise above. */
  choice: pairChoice.exactOptional(),
});
export type RunConfig = z.infer<typeof runConfig>;

/**
 * SHA-256 of the configuration, but for where its data lie: a result belongs to exactly one. What
 * the data are is in sweep.json.
 */
export function configHash(config: RunConfig): string {
  const parsed = runConfig.parse(config); // its keys in the schema's order
  return hashOf({ ...parsed, data: kindOf(parsed.data).placeless(parsed.data) });
}

/** The configuration's hash but for the recipe's name: equal where two recipes ask for one run. */
export const workHash = (config: RunConfig): string => configHash({ ...config, recipe: 'any' });

/** Whether a hash is the configuration's, or that of before, which held where the data lie. */
export function isHashOf(config: RunConfig, hash: string): boolean {
  return hash === configHash(config) || hash === hashOf(runConfig.parse(config));
}

const hashOf = (config: RunConfig) =>
  createHash('sha256').update(JSON.stringify(config)).digest('hex');
