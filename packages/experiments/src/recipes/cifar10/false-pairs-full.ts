import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { only, type Assumptions } from '../assumptions.ts';
import { cifar10Base } from './base.ts';
import { cifar10FalsePairs, cifar10Panel } from './false-pairs.ts';

/**
 * The same with MoCo's own sizes on all of CIFAR-10 (its demonstration: ResNet-18, 200 epochs of
 * batch 512, K 4,096), for a GPU.
 *
 * Expected of pairs of one image: about 82 % kNN accuracy by projections at the authors'. Cost:
 * some 45 runs of 19,500 steps; a day or two on one GPU, not for a CPU. Untried.
 */
export function cifar10FalsePairsFull(): SweepConfig {
  const small = cifar10FalsePairs();
  const kept = ['CIFAR-10: false pairs', 'CIFAR-10: baseline', 'CIFAR-10: evaluation'];
  return {
    ...small,
    recipe: 'cifar10-false-pairs-full',
    panels: [{ ...cifar10Panel, base, imageNoises: [0, 0.1, 0.25, 0.5, 0.75, 1] }],
    assumptions: [...assumptions, ...only(small.assumptions, ...kept)],
    cost: 'a day or two on one GPU; untried',
    runMemoryMiB: 8000,
  };
}

const base: Panel['base'] = {
  ...cifar10Base,
  method: {
    name: 'moco',
    dimensions: 128,
    hidden: 0,
    queueSize: 4096,
    momentum: 0.99,
    temperature: 0.1,
    robust: null,
  },
  data: { kind: 'cifar10', dir: '', size: 32, pairs: 50000, train: 50000, test: 10000 },
  encoder: {
    depth: 18,
    width: 64,
    stem: 'small',
    strides: [1, 2, 2, 2],
    batchNormGroups: 8,
  },
  pretrain: {
    ...cifar10Base.pretrain,
    steps: 19500,
    batchSize: 512,
    holdSteps: 8,
    warmupSteps: 97,
    checkpointEvery: 500,
    logEvery: 50,
    workers: 2,
  },
  monitor: { everyEpochs: 10, bank: 50000, queries: 10000 },
  head: { ...cifar10Base.head, epochs: 100, batchSize: 256, learningRates: [30, 3, 0.3] },
  supervised: { ...cifar10Base.supervised, epochs: 100, learningRates: [0.06] },
  threads: 4,
};

const assumptions: Assumptions = [
  ['encoder', 'ResNet-18 with a 3 x 3 stem and no pool', "the demonstration's"],
  [
    'MoCo',
    'K 4,096, T 0.1, m 0.99, head of one layer to 128; batch norm by 8 parts of a batch, ' +
      'others for keys than for queries',
    "the demonstration's, which shuffles instead",
  ],
];
