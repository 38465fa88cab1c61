import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { only, type Assumptions } from '../assumptions.ts';
import { rince } from '../remedies-compared.ts';
import { colourViews } from '../colour-views.ts';
import { vtsBase } from '../vts/base.ts';
import { vtsMoco } from '../vts/moco.ts';
import { damagePanel } from './questions.ts';

/**
 * Does the damage in a pair hurt? MoCo v2 on crops of xBD, small enough for two CPU cores. As on
 * VTS, a pair exists in two versions of one crop: clean, two views of the image before; noisy, the
 * images before and after. The same is run on undamaged crops of the same events and building
 * share: what before-and-after does on damaged crops less what it does on those is the damage's.
 * Measured by mIoU of building segmentation, and classes of damage, by a frozen encoder.
 *
 * Expected: not known; on made-up places whose damage no image shows (npx nx run xbd:sample --
 * --hide-damage) the difference of differences is 0. Cost: about 20 minutes on two cores.
 *
 * The study's xBD experiments are known to us by their caption alone: crops, matching, and all of
 * `assumptions` are ours. Untried on the real set, which our machines do not have; on made-up
 * places it shows that everything works together, and nothing about xBD.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-moco --data FOLDER
 */
export function xbdMoco(): SweepConfig {
  return {
    recipe: 'xbd-moco',
    panels: [damagePanel(xbdPanel)],
    seeds: 3,
    figure: 'the xBD experiments',
    assumptions: [...damageAssumptions, ...xbdAssumptions],
    cost: 'about 20 minutes on two CPU cores',
    runMemoryMiB: 1500,
  };
}

/** MoCo on xBD for two CPU cores: what the small recipes on xBD have in common. */
const xbdBase: Panel['base'] = {
  ...vtsBase,
  data: {
    kind: 'xbd',
    index: '',
    size: 128,
    trainSplits: ['train', 'tier3'],
    testSplits: ['test'],
    tiles: 300,
    pairs: 4000,
    train: 300,
    test: 100,
    mostNodata: 0.1,
    leastBuilding: 0.02,
  },
  normalise: { mean: [0.333, 0.346, 0.262], std: [0.246, 0.204, 0.189] },
  views: colourViews(64),
  pretrain: { ...vtsBase.pretrain, steps: 2000, warmupSteps: 200 },
  head: { ...vtsBase.head, epochs: 10 },
  supervised: { ...vtsBase.supervised, epochs: 16 },
};

/** MoCo on xBD, without its arms. */
export const xbdPanel: Panel = {
  name: 'moco',
  title: 'MoCo v2 on xBD',
  base: xbdBase,
  imageNoises: [0.01],
  noisyShares: [],
  remedies: [],
  robust: rince,
};

const damageAssumptions: Assumptions = [
  [
    'a clean and a noisy pair',
    'the same crop: two views of the image before; a view of it and one of the image after',
    'as on VTS, content and number of crops are the same in both',
  ],
  [
    'undamaged crops',
    'as many as there are damaged ones, each with the nearest building share of its event, none ' +
      'twice; crops with un-classified buildings alone are left out',
    'light, season and angle differ before and after in these too: the difference of ' +
      'differences takes them off, as far as they act alike',
  ],
];

/** Choices of ours in every recipe on xBD. */
export const xbdAssumptions: Assumptions = [
  [
    'crops',
    '128 px of the tiles, side by side; views of 64 px',
    "the study's are not known; small for two cores",
  ],
  [
    'tiles',
    'at most 300 of train and tier3, and 300 of test, drawn by seed',
    'enough for 4,000 pairs',
  ],
  [
    'a damaged crop',
    'at least 1 % of the building pixels were damaged',
    'tags by crop: most crops of a damaged place are clean',
  ],
  [
    'length',
    'equal numbers of steps in every arm, whatever its number of pairs',
    'the same computation; an epoch is whole rounds of the crops',
  ],
  ['views', "MoCo v2's, with turns, weaker hue", 'images from above have no up'],
  ['normalisation', "xBD's means and standard deviations", 'pangaea-bench'],
  [
    'evaluation',
    'frozen encoder, 1 x 1 convolution: buildings against background on images before; ' +
      "classes of damage from both images' features and their difference",
    "the study's protocol for damage is not known; un-classified buildings and nodata do " +
      'not count',
  ],
  ...only(vtsMoco().assumptions, 'encoder', 'MoCo', 'seeds'),
];
