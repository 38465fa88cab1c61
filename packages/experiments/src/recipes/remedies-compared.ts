import type { Panel } from '../config/sweep-config.ts';
import type { Assumptions } from './assumptions.ts';

/** RINCE as it is compared. */
export const rince: Panel['robust'] = { q: 0.5, lambda: 0.025 };

/** A panel with everything that can be done about noisy pairs. */
export const remedyPanel = (panel: Panel): Panel => ({
  ...panel,
  title: 'Keep, filter, or a robust loss',
  remedies: ['filter', 'same-size', 'robust'],
});

export const remedyAssumptions: Assumptions = [
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
