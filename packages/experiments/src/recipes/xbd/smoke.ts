import type { SweepConfig } from '../../config/sweep-config.ts';
import { smallRun } from '../small-run.ts';
import { xbdMoco } from './moco.ts';

/**
 * xbd-moco shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-smoke --data FOLDER
 */
export function xbdSmoke(): SweepConfig {
  const full = xbdMoco();
  return {
    ...full,
    recipe: 'xbd-smoke',
    panels: full.panels.map((panel) => ({
      ...panel,
      base: {
        ...smallRun(panel.base),
        data: {
          kind: 'xbd',
          index: '',
          size: 64,
          trainSplits: ['train'],
          testSplits: ['test'],
          tiles: 8,
          pairs: 64,
          train: 24,
          test: 12,
          mostNodata: 0.1,
          leastBuilding: 0.01,
        },
      },
      noisyShares: [1],
    })),
    seeds: 1,
    cost: 'half a minute',
  };
}
