import type { SweepConfig } from '../../config/sweep-config.ts';
import { only, type Assumptions } from '../assumptions.ts';
import { remedyAssumptions } from '../remedies-compared.ts';
import { xbdAssumptions, xbdMoco, xbdPanel } from './moco.ts';
import { robustPanel } from './questions.ts';

/**
 * Should damaged pairs be filtered out? The practitioner's arms on xBD: all pairs as they come;
 * without the damaged ones; without as many at random; the damaged ones exchanged for undamaged
 * ones of the same event and building share; and all pairs with RINCE. Damaged crops have more
 * buildings than others, so that a filter changes content too: only if it is better than keeping,
 * than the random drop, and the exchange is too, is it the damage that hurt.
 *
 * Expected: not known; on made-up places without damage (npx nx run xbd:sample -- --damage 0) all
 * arms but RINCE are one list of pairs, and every difference is 0. Cost: about 25 minutes on two
 * cores.
 *
 * Untried on the real set, as xbd-moco is.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-filter --data FOLDER
 */
export function xbdFilter(): SweepConfig {
  return {
    ...xbdMoco(),
    recipe: 'xbd-filter',
    panels: [robustPanel(xbdPanel)],
    figure: 'the question of the abstract',
    assumptions: [
      ...filterAssumptions,
      ...only(remedyAssumptions, 'robust loss'),
      ...xbdAssumptions,
    ],
    cost: 'about 25 minutes on two CPU cores',
  };
}

const filterAssumptions: Assumptions = [
  [
    'all pairs',
    'at most 4,000 crops of the tiles as they come, whatever changed in them; before and after',
    'what somebody has who looks at nothing',
  ],
  [
    'filter',
    'pairs of damaged crops are left out, by their labels',
    'a perfect filter, which nobody has',
  ],
  ['random drop', 'as many pairs, drawn by seed', 'what fewer pairs do by themselves'],
  [
    'exchange',
    'each damaged crop for an undamaged one that was not drawn, with the nearest building share ' +
      'of its event',
    'as many pairs, of like content, without the damage',
  ],
];
