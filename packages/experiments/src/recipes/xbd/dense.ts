import type { SweepConfig } from '../../config/sweep-config.ts';
import { without } from '../assumptions.ts';
import { methodAssumptions, methodPanels } from '../methods-compared.ts';
import { xbdMoco } from './moco.ts';

/**
 * Does the damage in a pair hurt dense methods? xbd-moco's arms with a panel a method: MoCo, and
 * those that contrast places.
 *
 * Cost: about 2 hours on two cores.
 *
 * Untried on the real set, as xbd-moco is.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-dense --data FOLDER
 */
export function xbdDense(): SweepConfig {
  const full = xbdMoco();
  return {
    ...full,
    recipe: 'xbd-dense',
    panels: full.panels.flatMap(methodPanels),
    assumptions: [...methodAssumptions, ...without(full.assumptions, 'MoCo')],
    cost: 'about 2 hours on two CPU cores',
  };
}
