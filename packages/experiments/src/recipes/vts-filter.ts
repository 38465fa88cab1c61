import type { SweepConfig } from '../config/sweep-config.ts';
import { smallVts } from './smoke.ts';
import { vtsBase, vtsMoco } from './vts-moco.ts';

/**
 * What to do about noisy pairs, the practitioner's question, on VTS with MoCo: keep them, filter
 * them (fewer pairs), take as many clean ones in their place, or keep them with a loss that
 * forgives false pairs (RINCE).
 *
 * Cost: about 15 minutes on two cores (39 runs of one thread). Command: npx nx run
 * experiments:sweep -- --recipe vts-filter
 */
export function vtsFilter(): SweepConfig {
  const small = vtsMoco();
  return {
    ...small,
    recipe: 'vts-filter',
    panels: [
      {
        name: 'moco',
        title: 'Keep, filter, or a robust loss',
        base: vtsBase(),
        imageNoises: [0.5],
        noisyShares: [0.25, 0.5, 0.75],
        remedies: ['filter', 'same-size', 'robust'],
        robust: { q: 0.5, lambda: 0.025 },
      },
    ],
    figure: 'the question of the abstract',
    assumptions: [...filterAssumptions, ...small.assumptions],
    cost: 'about 15 minutes on two CPU cores',
  };
}

export const filterAssumptions: SweepConfig['assumptions'] = [
  [
    'filtered',
    'only the pairs that are clean, for as many steps as without a filter',
    'the same computation is spent on fewer pairs; a perfect filter, which nobody has',
  ],
  [
    'exchanged',
    'as many pairs as without a filter, all clean: the very run on clean pairs',
    'what filtering costs by the number of pairs alone is the difference between the two',
  ],
  [
    'robust loss',
    'RINCE with q 0.5, lambda 0.025, the same learning rate',
    'Chuang et al. 2022; on VTS at 64 px it learns from no pairs, clean ones included, at ' +
      'rates from 0.002 to 0.06, nor with q 0.1 (with q 0.01 it is InfoNCE again): compare it ' +
      'with RINCE on clean pairs before you blame noise',
  ],
];

/**
 * vts-filter shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute. Command: npx nx run experiments:sweep -- --recipe filter-smoke
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
