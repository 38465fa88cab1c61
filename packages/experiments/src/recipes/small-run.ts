import { smallMethod } from '../config/methods.ts';
import type { Panel } from '../config/sweep-config.ts';

type Base = Panel['base'];

/**
 * The base of a panel, shrunk until a run takes seconds, but for its data. Of the method all but
 * the sizes stays.
 */
export const smallRun = (base: Base): Base => ({
  ...base,
  method: smallMethod(base.method),
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
});
