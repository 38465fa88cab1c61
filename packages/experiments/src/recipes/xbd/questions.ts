import type { Arms } from '../../config/arms.ts';
import type { Panel } from '../../config/sweep-config.ts';

const own = (choice: string) => ({ choice, loss: 'own' }) as const;

/**
 * Does the damage in a pair hurt? Each damaged crop as a clean pair (the image before twice) and as
 * a noisy one (before and after); undamaged crops, matched on event and building share, tell what
 * season and acquisition do: the damage's own effect is the difference of the two differences.
 */
const damageArms: Arms = {
  question: 'Does the damage in a pair hurt?',
  list: ['damaged-clean', 'damaged-noisy', 'undamaged-clean', 'undamaged-noisy'].map(own),
  comparisons: [
    {
      title: 'damage alone (the effect of before and after on damaged crops less on undamaged)',
      arm: 'damaged-noisy',
      against: 'damaged-clean',
      less: { arm: 'undamaged-noisy', against: 'undamaged-clean' },
    },
    {
      title: 'before and after against the image before twice, damaged crops',
      arm: 'damaged-noisy',
      against: 'damaged-clean',
    },
    {
      title: 'the same, undamaged crops (season and acquisition)',
      arm: 'undamaged-noisy',
      against: 'undamaged-clean',
    },
  ],
};

/**
 * Should I filter? The pairs that somebody has, without the damaged ones; fewer pairs, and other
 * content, change results by themselves: a random drop of as many tells the one, an exchange for
 * matched undamaged pairs the other.
 */
const filterArms: Arms = {
  question: 'Should damaged pairs be filtered out?',
  list: ['keep', 'filter', 'random-drop', 'exchange'].map(own),
  comparisons: [
    { title: 'filtering against keeping all', arm: 'filter', against: 'keep' },
    {
      title: 'filtering against dropping as many at random',
      arm: 'filter',
      against: 'random-drop',
    },
    {
      title: 'damaged pairs exchanged for matched undamaged ones, against keeping all',
      arm: 'exchange',
      against: 'keep',
    },
  ],
};

/** RINCE on all pairs, beside the filter's arms. */
const robustArms: Arms = {
  ...filterArms,
  list: [...filterArms.list, { choice: 'keep', loss: 'robust' }],
  comparisons: [
    ...filterArms.comparisons,
    { title: 'a robust loss against keeping all', arm: 'keep-robust', against: 'keep' },
  ],
};

export const damagePanel = (panel: Panel): Panel => ({ ...panel, arms: damageArms });
export const filterPanel = (panel: Panel): Panel => ({ ...panel, arms: filterArms });
export const robustPanel = (panel: Panel): Panel => ({ ...panel, arms: robustArms });
