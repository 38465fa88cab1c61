import { createHash } from 'node:crypto';
import { pairFilters } from '@noisy-pairs/pairs';
import { z } from 'zod';
import { dataConfig } from './data/data-config.ts';
import { count, interval, positive, share, triple } from './ranges.ts';
import { remedies, runKinds } from './setting.ts';

/** RINCE in place of InfoNCE, or null. */
const robust = z.strictObject({ q: share, lambda: share }).nullable();
const contrast = {
  dimensions: count,
  hidden: count,
  queueSize: count,
  momentum: share,
  temperature: positive,
};
const dense = { ...contrast, /** Of the loss, MoCo's of whole images. */ instanceWeight: share };
const placed = { ...dense, /** In diagonals of a cell. */ distance: positive };
/** What learns from the pairs; see the files of @noisy-pairs/models for the fields. */
const method = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('moco'),
    ...contrast,
    /** 0: a head of one layer. */ hidden: z.int().min(0),
    robust,
  }),
  z.strictObject({ name: z.literal('densecl'), ...dense, robust }),
  z.strictObject({ name: z.literal('pixcontrast'), ...placed }),
  z.strictObject({ name: z.literal('pixpro'), ...placed }),
  z.strictObject({
    name: z.literal('vader'),
    ...dense,
    /** Pixels an image that are contrasted in a step. */ points: count,
    robust,
  }),
]);
export type MethodConfig = z.infer<typeof method>;

/**
 * What all runs of a panel have in common. Every field is required: a run is described completely.
 */
const common = {
  method,
  data: dataConfig,
  /**
   * Weights of the encoder to begin with: a .safetensors file and its SHA-256; null for random
   * ones.
   */
  init: z.strictObject({ file: z.string().min(1), sha256: z.string().length(64) }).nullable(),
  /** Of pixels on the scale 0..1. */
  normalise: z.strictObject({ mean: triple, std: triple }),
  encoder: z.strictObject({
    depth: z.union([z.literal(10), z.literal(18), z.literal(34), z.literal(50)]),
    width: count,
    stem: z.enum(['imagenet', 'half', 'small']),
    strides: z.array(z.int().min(1).max(2)).min(1).max(4),
    /** Parts of a batch that batch norm takes each by itself, in place of shuffling; absent: 1. */
    batchNormGroups: count.exactOptional(),
  }),
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
  pretrain: z.strictObject({
    steps: count,
    batchSize: count,
    learningRate: positive,
    /** At learning rate 0, while the queue fills with keys. */
    holdSteps: z.int().min(0),
    warmupSteps: z.int().min(0),
    finalLearningRate: z.number().min(0),
    optimizer: z.enum(['sgd', 'lars']),
    momentum: share,
    weightDecay: z.number().min(0),
    /** In steps. */
    checkpointEvery: count,
    logEvery: count,
    /** Threads that make batches. */
    workers: z.int().min(0),
  }),
  /**
   * Nearest neighbours that vote, and the temperature of their votes: of whole images where these
   * are classified, of cells of the feature map while pretraining.
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
  /** Predicted masks to write as pictures. */
  predictions: z.int().min(0),
  /**
   * Threads of TensorFlow in a run's process. With more than one, sums may be added in another
   * order from run to run.
   */
  threads: count,
  /** Of the networks' arithmetic; bf16 needs a processor with AMX or AVX512-BF16, or a GPU. */
  precision: z.enum(['float32', 'bf16']),
};

/** One run, completely: what is in its config.json. */
export const runConfig = z.strictObject({
  /** Name of the recipe. */
  recipe: z.string().min(1),
  ...common,
  kind: z.enum(runKinds),
  /** Of everything that is drawn, the data included. */
  seed: z.int().min(0),
  /** How noisy a noisy pair is, as `words` of its kind of data say it. */
  imageNoise: share,
  /** Share of the pairs that are noisy. */
  noisyShare: share,
  /** What becomes of the noisy ones. */
  filter: z.enum(pairFilters),
});
export type RunConfig = z.infer<typeof runConfig>;

/** A grid of runs that share all but noise, seed and remedy: one panel of the report. */
const panelConfig = z.strictObject({
  /** In names of runs, where there are several panels. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  base: z.strictObject(common),
  /** Values of imageNoise. */
  imageNoises: z.array(share).min(1),
  /** Noisy shares above 0; clean pairs (share 0) are always run. */
  noisyShares: z.array(share).min(1),
  /** Compared with keeping noisy pairs, which is always run. */
  remedies: z.array(z.enum(remedies)),
  /** The robust loss. */
  robust: z.strictObject({ q: share, lambda: share }),
});
export type Panel = z.infer<typeof panelConfig>;

/** Grids of runs, what they stand for, and what is assumed. */
export const sweepConfig = z.strictObject({
  recipe: z.string().min(1),
  panels: z.array(panelConfig).min(1),
  seeds: count,
  /** The figure of the study it follows. */
  figure: z.string(),
  /** What the study does not say, and what we chose: field, choice, reason. */
  assumptions: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** About how long the sweep takes, and where. */
  cost: z.string(),
  /** Memory of one run in MiB, by which the number of processes is chosen. */
  runMemoryMiB: count,
});
export type SweepConfig = z.infer<typeof sweepConfig>;

/** SHA-256 of the configuration: a result belongs to exactly one. */
export function configHash(config: RunConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(runConfig.parse(config)))
    .digest('hex');
}
