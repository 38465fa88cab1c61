import { smallMethod } from '../config/methods.ts';
import type { Panel, SweepConfig } from '../config/sweep-config.ts';
import { vtsMoco } from './vts-moco.ts';

/**
 * vts-moco shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute. Command: npx nx run experiments:sweep -- --recipe smoke
 */
export function smoke(): SweepConfig {
  const full = vtsMoco();
  return {
    ...full,
    recipe: 'smoke',
    panels: full.panels.map((panel) => ({
      ...panel,
      base: smallVts(panel.base),
      imageNoises: [0.5],
      noisyShares: [1],
    })),
    seeds: 2,
    cost: 'half a minute',
  };
}

/** A panel's base on VTS, shrunk; of its method all but the sizes stays. */
export function smallVts(base: Panel['base']): Panel['base'] {
  return {
    ...base,
    method: smallMethod(base.method),
    data: {
      kind: 'vts',
      size: 32,
      cells: 6,
      textures: { kind: 'procedural', classes: 2, instances: 4 },
      pairs: 64,
      train: 32,
      test: 16,
    },
    encoder: { depth: 10, width: 8, stem: 'half', strides: [2] },
    views: { ...base.views, size: 32 },
    pretrain: {
      ...base.pretrain,
      steps: 24,
      batchSize: 16,
      holdSteps: 4,
      warmupSteps: 4,
      checkpointEvery: 8,
      logEvery: 4,
    },
    knn: { k: 20, temperature: 0.1 },
    monitor: { everyEpochs: 2, bank: 8, queries: 8 },
    head: { ...base.head, epochs: 3, batchSize: 8, learningRates: [0.3] },
    supervised: { ...base.supervised, epochs: 3, batchSize: 8 },
    predictions: 2,
  };
}
