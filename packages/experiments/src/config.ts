import { createHash } from 'node:crypto';
import { textureOptions } from '@noisy-pairs/vts';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.int().min(1);
const positive = z.number().positive();
const interval = z.tuple([z.number(), z.number()]);
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Of every kind of data. */
const amounts = {
  /** Edge of an image in pixels. */
  size: z.int().min(8),
  /** Pairs to pretrain on, and labelled images to train the head on and to measure it with. */
  pairs: count,
  train: count,
  test: count,
};
const vtsData = z.strictObject({
  kind: z.literal('vts'),
  ...amounts,
  /** Voronoi cells an image. */
  cells: count,
  textures: textureOptions,
});
const xbdData = z.strictObject({
  kind: z.literal('xbd'),
  ...amounts,
  /** File of the index. */
  index: z.string(),
  /** Official splits to pretrain and to train heads on, and to measure on. */
  trainSplits: z.array(z.string().min(1)).min(1),
  testSplits: z.array(z.string().min(1)).min(1),
  /** At most this many tiles of either part, drawn by seed. */
  tiles: count,
  /** Crops with a larger share of nodata are left out. */
  mostNodata: share,
  /** Labelled crops have at least this share of building pixels. */
  leastBuilding: share,
});

/** What all runs of a sweep have in common. Every field is required: a run is described completely. */
const common = {
  /** Name of the recipe. */
  recipe: z.string().min(1),
  method: z.literal('moco'),
  data: z.discriminatedUnion('kind', [vtsData, xbdData]),
  /** Of pixels on the scale 0..1. */
  normalise: z.strictObject({ mean: triple, std: triple }),
  encoder: z.strictObject({
    depth: z.union([z.literal(10), z.literal(18), z.literal(34), z.literal(50)]),
    width: count,
    stem: z.enum(['imagenet', 'half', 'small']),
    strides: z.array(z.int().min(1).max(2)).min(1).max(4),
  }),
  moco: z.strictObject({ dimensions: count, hidden: count, queueSize: count, momentum: share, temperature: positive }),
  views: z.strictObject({
    size: z.int().min(2),
    scale: interval,
    ratio: interval,
    flip: share,
    flipVertical: share,
    quarterTurns: z.boolean(),
    jitter: z.strictObject({ probability: share, brightness: z.number().min(0), contrast: z.number().min(0), saturation: z.number().min(0), hue: z.number().min(0).max(0.5) }),
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
  /** Training of the segmentation head after pretraining: on the frozen encoder, or of everything. */
  head: z.strictObject({ mode: z.enum(['frozen', 'finetune']), epochs: positive, batchSize: count, learningRates: z.array(positive).min(1), optimizer: z.enum(['sgd', 'adamw']), weightDecay: z.number().min(0) }),
  /** The upper bound: encoder and head trained with labels from a random start. */
  supervised: z.strictObject({ epochs: positive, batchSize: count, learningRates: z.array(positive).min(1), optimizer: z.enum(['sgd', 'adamw']), weightDecay: z.number().min(0) }),
  /** Predicted masks to write as pictures. */
  predictions: z.int().min(0),
  /** Threads of TensorFlow in a run's process. With more than one, sums may be added in another order from run to run. */
  threads: count,
  /** Of the networks' arithmetic; bf16 needs a processor with AMX or AVX512-BF16, or a GPU. */
  precision: z.enum(['float32', 'bf16']),
};

/** One run, completely: what is in its config.json. */
export const runConfig = z.strictObject({
  ...common,
  /** pretrained: pretraining, then the head. random: the head on the untrained encoder. supervised: all with labels. */
  kind: z.enum(['pretrained', 'random', 'supervised']),
  /** Of everything that is drawn, the data included. */
  seed: z.int().min(0),
  /** How noisy a noisy pair is. VTS: r_img, the share of a noisy image's cells that are noise. xBD: the least share of a noisy crop's building pixels that are damaged. */
  imageNoise: share,
  /** Share of the pairs that are noisy. */
  noisyShare: share,
});
export type RunConfig = z.infer<typeof runConfig>;

/** A grid of runs, what it stands for, and what is assumed. */
export const sweepConfig = z.strictObject({
  base: z.strictObject(common),
  /** Values of imageNoise above 0. */
  imageNoises: z.array(share).min(1),
  /** Noisy shares above 0; clean pairs (share 0) are always run. */
  noisyShares: z.array(share).min(1),
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

/** @throws one line: KEY: expected ..., got ... */
export function parseConfig<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw new Error(`${what}: expected only known keys, got ${[...issue.path, issue.keys[0]].join('.')}`);
  throw new Error(`${what} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}, got ${JSON.stringify(issue?.input)}`);
}

/** SHA-256 of the configuration: a result belongs to exactly one. */
export function configHash(config: RunConfig): string {
  return createHash('sha256').update(JSON.stringify(runConfig.parse(config))).digest('hex');
}
