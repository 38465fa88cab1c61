import type { SweepConfig } from '../../config/sweep-config.ts';
import { remedyAssumptions, remedyPanel } from '../remedies-compared.ts';
import { vtsMoco } from './moco.ts';
import { smallVts } from './smoke.ts';

/**
 * What to do about noisy pairs, the practitioner's question, on VTS with MoCo: keep them, filter
 * them (fewer pairs), take as many clean ones in their place, or keep them with a loss that
 * forgives false pairs (RINCE).
 *
 * Cost: about 50 minutes on two cores (39 runs of one thread; estimated from shorter ones).
 *
 * Command: npx nx run experiments:sweep -- --recipe vts-filter
 */
export function vtsFilter(): SweepConfig {
  const small = vtsMoco();
  return {
    ...small,
    recipe: 'vts-filter',
    panels: small.panels.map((panel) => ({
      ...remedyPanel(panel),
      imageNoises: [0.5],
      noisyShares: [0.25, 0.5, 0.75],
    })),
    figure: 'the question of the abstract',
    assumptions: [...remedyAssumptions, ...small.assumptions],
    cost: 'about 50 minutes on two CPU cores (estimated)',
  };
}

/**
 * vts-filter shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe filter-smoke
 */
export function filterSmoke(): SweepConfig {
  const full = vtsFilter();
  return {
    ...full,
    recipe: 'filter-smoke',
    panels: full.panels.map((panel) => ({
      ...panel,
      base: smallVts(panel.base),
      noisyShares: [0.5],
    })),
    seeds: 1,
    cost: 'half a minute',
  };
}
