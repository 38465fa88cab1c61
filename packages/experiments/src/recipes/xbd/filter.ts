import type { SweepConfig } from '../../config/sweep-config.ts';
import { remedyAssumptions, remedyPanel } from '../remedies-compared.ts';
import { xbdMoco } from './moco.ts';

/**
 * xbd-moco with what can be done about noisy pairs: keep them, filter them (fewer pairs), take as
 * many clean ones in their place, or keep them with RINCE.
 *
 * Cost: about 25 minutes on two cores.
 *
 * Untried on the real set, as xbd-moco is.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-filter --data FOLDER
 */
export function xbdFilter(): SweepConfig {
  const full = xbdMoco();
  return {
    ...full,
    recipe: 'xbd-filter',
    panels: full.panels.map((panel) => ({ ...remedyPanel(panel), noisyShares: [0.5] })),
    figure: 'the question of the abstract',
    assumptions: [...remedyAssumptions, ...full.assumptions],
    cost: 'about 25 minutes on two CPU cores',
  };
}
