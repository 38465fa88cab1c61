import type { SweepConfig } from '../../config/sweep-config.ts';
import { without } from '../assumptions.ts';
import { methodAssumptions, methodPanels } from '../methods-compared.ts';
import { xbdMoco } from './moco.ts';

/**
 * Every dense method on xBD, and MoCo beside them: xbd-moco with a panel a method.
 *
 * Cost: about 1 hour on two cores.
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
    cost: 'about 1 hour on two CPU cores',
  };
}
