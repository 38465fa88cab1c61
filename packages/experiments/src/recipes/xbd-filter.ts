import type { SweepConfig } from '../config/sweep-config.ts';
import { filterAssumptions } from './vts-filter.ts';
import { xbdMoco } from './xbd-moco.ts';

/**
 * xbd-moco with what can be done about noisy pairs: keep them, filter them (fewer pairs), take as
 * many clean ones in their place, or keep them with RINCE.
 *
 * Cost: about 25 minutes on two cores. Command: npx nx run experiments:sweep -- --recipe xbd-filter
 * --data FOLDER Untried on the real set, as xbd-moco is.
 */
export function xbdFilter(): SweepConfig {
  const full = xbdMoco();
  return {
    ...full,
    recipe: 'xbd-filter',
    panels: full.panels.map((panel) => ({
      ...panel,
      title: 'Keep, filter, or a robust loss',
      noisyShares: [0.5],
      remedies: ['filter', 'same-size', 'robust'],
    })),
    figure: 'the question of the abstract',
    assumptions: [...filterAssumptions, ...full.assumptions],
    cost: 'about 25 minutes on two CPU cores',
  };
}
