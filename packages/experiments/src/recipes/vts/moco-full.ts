import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { only, type Assumptions } from '../assumptions.ts';
import { vtsBase } from './base.ts';
import { vtsMoco } from './moco.ts';

/**
 * MoCo v2 on VTS at the study's size (Fig. 3: 256 px, 20 cells), ResNet-18, five seeds: the trend
 * of Fig. 4, for a GPU.
 *
 * Cost: 85 runs of 18,750 steps at batch 128; about two days on one large GPU, not for a CPU.
 * Untried: our machines have no GPU.
 *
 * Differences from vts-moco are our assumptions too: hyper-parameters are those of MoCo v2 scaled
 * to the batch (0.03 at 256), the queue by the size of the data set, m 0.99 for a small one.
 *
 * Command: npx nx run experiments:sweep -- --recipe vts-moco-full
 */
export function vtsMocoFull(): SweepConfig {
  const small = vtsMoco();
  const kept = ['textures', 'a clean pair', 'noisy pairs', 'views', 'seeds'];
  return {
    ...small,
    recipe: 'vts-moco-full',
    panels: small.panels.map((panel) => ({
      ...panel,
      base,
      imageNoises: [0.25, 0.5, 0.75, 1],
      noisyShares: [0.25, 0.5, 0.75, 1],
    })),
    seeds: 5,
    assumptions: [...assumptions, ...only(small.assumptions, ...kept)],
    cost: 'days on one GPU; untried',
    runMemoryMiB: 8000,
  };
}

const base: Panel['base'] = {
  ...vtsBase,
  method: {
    name: 'moco',
    dimensions: 128,
    hidden: 512,
    queueSize: 4096,
    momentum: 0.99,
    temperature: 0.2,
    robust: null,
  },
  data: {
    kind: 'vts',
    size: 256,
    cells: 20,
    textures: { kind: 'procedural', classes: 2, instances: 64 },
    pairs: 20000,
    train: 2000,
    test: 1000,
  },
  encoder: { depth: 18, width: 64, stem: 'imagenet', strides: [1, 2, 2, 2] },
  views: { ...vtsBase.views, size: 224 },
  pretrain: {
    steps: 18750,
    batchSize: 128,
    learningRate: 0.015,
    holdSteps: 40,
    warmupSteps: 500,
    finalLearningRate: 0,
    optimizer: 'sgd',
    momentum: 0.9,
    weightDecay: 1e-4,
    checkpointEvery: 500,
    logEvery: 50,
    workers: 4,
  },
  monitor: { everyEpochs: 5, bank: 64, queries: 32 },
  head: {
    mode: 'frozen',
    epochs: 20,
    batchSize: 32,
    learningRates: [0.1, 0.3, 1],
    optimizer: 'sgd',
    weightDecay: 0,
  },
  supervised: {
    epochs: 40,
    batchSize: 32,
    learningRates: [0.03],
    optimizer: 'sgd',
    weightDecay: 1e-4,
  },
  threads: 4,
};

const assumptions: Assumptions = [
  ['image size, cells', '256 px, 20 cells', 'as in Fig. 3'],
  ['encoder', 'ResNet-18, output stride 32', "the study's encoder is not known"],
  ['pairs', '20,000, 120 epochs of batch 128', 'not known'],
  ['MoCo', 'K 4,096, T 0.2, m 0.99, head 512-128', 'MoCo v2; queue and m for a small data set'],
  [
    'optimiser',
    'SGD 0.015 (0.03 x 128 / 256), warm-up 500 steps, cosine',
    'MoCo v2 scaled to the batch',
  ],
];
