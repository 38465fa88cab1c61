import type { SweepConfig } from '../config/sweep-config.ts';
import { denseAssumptions, methodPanels } from './vts-dense.ts';
import { xbdMoco } from './xbd-moco.ts';

/**
 * Every dense method on xBD, and MoCo beside them: xbd-moco with a panel a method.
 *
 * Cost: about 1 hour on two cores. Command: npx nx run experiments:sweep -- --recipe xbd-dense
 * --data FOLDER Untried on the real set, as xbd-moco is.
 */
export function xbdDense(): SweepConfig {
  const full = xbdMoco();
  return {
    ...full,
    recipe: 'xbd-dense',
    panels: full.panels.flatMap(methodPanels),
    assumptions: [...denseAssumptions, ...full.assumptions.filter(([field]) => field !== 'MoCo')],
    cost: 'about 1 hour on two CPU cores',
  };
}
