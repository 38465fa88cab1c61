import type { SweepConfig } from '../config.ts';
import { vtsMoco } from './vts-moco.ts';

/**
 * vts-moco shrunk until a run takes seconds: shows that everything works together, and nothing about noise.
 *
 * Cost: half a minute. Command: npx nx run experiments:sweep -- --recipe smoke
 */
export function smoke(): SweepConfig {
  const full = vtsMoco();
  return {
    ...full,
    base: {
      ...full.base,
      recipe: 'smoke',
      data: { kind: 'vts', size: 32, cells: 6, textures: { kind: 'procedural', classes: 2, instances: 4 }, pairs: 64, train: 32, test: 16 },
      encoder: { depth: 10, width: 8, stem: 'half', strides: [2] },
      moco: { ...full.base.moco, dimensions: 16, hidden: 16, queueSize: 64 },
      views: { ...full.base.views, size: 32 },
      pretrain: { ...full.base.pretrain, steps: 24, batchSize: 16, holdSteps: 4, warmupSteps: 4, checkpointEvery: 8, logEvery: 4 },
      head: { ...full.base.head, epochs: 3, batchSize: 8, learningRates: [0.3] },
      supervised: { ...full.base.supervised, epochs: 3, batchSize: 8 },
      predictions: 2,
    },
    imageNoises: [0.5],
    noisyShares: [1],
    seeds: 2,
    cost: 'half a minute',
  };
}
