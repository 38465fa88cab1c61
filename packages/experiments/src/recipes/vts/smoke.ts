import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { smallRun } from '../small-run.ts';
import { vtsMoco } from './moco.ts';

/**
 * vts-moco shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe smoke
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

/** The base of a panel on VTS, shrunk. */
export const smallVts = (base: Panel['base']): Panel['base'] => ({
  ...smallRun(base),
  data: {
    kind: 'vts',
    size: 32,
    cells: 6,
    textures: { kind: 'procedural', classes: 2, instances: 4 },
    pairs: 64,
    train: 32,
    test: 16,
  },
});
