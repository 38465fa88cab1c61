import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { smallVts } from '../vts/smoke.ts';
import { cifar10Base } from './base.ts';
import { cifar10FalsePairs, cifar10Panel, vtsPanel } from './false-pairs.ts';

/**
 * cifar10-false-pairs shrunk until a run takes seconds: shows that everything works together, and
 * nothing about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe cifar10-smoke --data FOLDER
 */
export function cifar10Smoke(): SweepConfig {
  return {
    ...cifar10FalsePairs(),
    recipe: 'cifar10-smoke',
    panels: [
      { ...cifar10Panel, base, imageNoises: [0, 1], noisyShares: [1] },
      { ...vtsPanel, base: smallVts(vtsPanel.base), imageNoises: [1], noisyShares: [1] },
    ],
    seeds: 1,
    cost: 'half a minute',
  };
}

const base: Panel['base'] = {
  ...cifar10Base,
  method: {
    name: 'moco',
    dimensions: 16,
    hidden: 0,
    queueSize: 32,
    momentum: 0.99,
    temperature: 0.1,
    robust: null,
  },
  data: { kind: 'cifar10', dir: '', size: 32, pairs: 80, train: 80, test: 40 },
  encoder: { depth: 10, width: 8, stem: 'small', strides: [2] },
  pretrain: {
    ...cifar10Base.pretrain,
    steps: 15,
    batchSize: 16,
    holdSteps: 2,
    warmupSteps: 2,
    checkpointEvery: 5,
    logEvery: 5,
  },
  knn: { k: 5, temperature: 0.1 },
  monitor: { everyEpochs: 1, bank: 40, queries: 20 },
  head: { ...cifar10Base.head, epochs: 3, batchSize: 16, learningRates: [0.3] },
  supervised: { ...cifar10Base.supervised, epochs: 3, batchSize: 16 },
};
