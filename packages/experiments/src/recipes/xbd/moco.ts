import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { only, type Assumptions } from '../assumptions.ts';
import { rince } from '../remedies-compared.ts';
import { vtsBase } from '../vts/base.ts';
import { vtsMoco } from '../vts/moco.ts';

/**
 * MoCo v2 on crops of xBD before and after, small enough for two CPU cores: mIoU of building
 * segmentation, and damage classes, by a frozen encoder over the share of pairs with damage: none,
 * as many as there are by nature, half, all.
 *
 * Cost: about 12 minutes on two cores.
 *
 * Untried on the real set, which our machines do not have; on made-up places (npx nx run
 * xbd:sample) it shows that everything works together, and nothing about xBD.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-moco --data FOLDER
 */
export function xbdMoco(): SweepConfig {
  return {
    recipe: 'xbd-moco',
    panels: [
      {
        name: 'moco',
        title: 'MoCo v2 on xBD',
        base: xbdBase,
        imageNoises: [0.01],
        noisyShares: [0.5, 1],
        remedies: [],
        robust: rince,
      },
    ],
    seeds: 3,
    figure: 'the xBD experiments',
    assumptions: [...assumptions, ...only(vtsMoco().assumptions, 'encoder', 'MoCo', 'seeds')],
    cost: 'about 12 minutes on two CPU cores',
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
  views: {
    size: 64,
    scale: [0.2, 1],
    ratio: [0.75, 4 / 3],
    flip: 0.5,
    flipVertical: 0.5,
    quarterTurns: true,
    jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    grey: 0.2,
    blur: { probability: 0.5, sigma: [0.1, 1] },
  },
  pretrain: { ...vtsBase.pretrain, steps: 600, warmupSteps: 100 },
  head: { ...vtsBase.head, epochs: 10 },
  supervised: { ...vtsBase.supervised, epochs: 16 },
};

const assumptions: Assumptions = [
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
    'a noisy pair',
    'a crop in which at least 1 % of the building pixels were damaged',
    'tags by crop: most crops of a damaged place are clean',
  ],
  [
    'a clean pair',
    'a crop before and after without any damage; crops with un-classified buildings alone ' +
      'are left out',
    'light, season and angle still differ',
  ],
  [
    'natural share',
    'noisy crops among clean and noisy ones, as they come',
    'counted from the labels',
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
];
