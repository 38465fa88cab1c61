import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import type { Assumptions } from '../assumptions.ts';
import { rince } from '../remedies-compared.ts';
import { vtsBase } from '../vts/base.ts';
import { vtsMoco } from '../vts/moco.ts';
import { cifar10Base } from './base.ts';

export const cifar10Panel: Panel = {
  name: 'cifar10',
  title: 'CIFAR-10: false pairs, classification',
  base: cifar10Base,
  imageNoises: [0, 0.25, 0.5, 1],
  noisyShares: [0.5, 1],
  remedies: [],
  robust: rince,
};

export const vtsPanel: Panel = {
  name: 'vts',
  title: 'VTS: noisy pairs, segmentation',
  base: vtsBase,
  imageNoises: [0.5, 1],
  noisyShares: [0.5, 1],
  remedies: [],
  robust: rince,
};

/**
 * False pairs hurt classification, noisy pairs do not hurt segmentation: the contrast of Fig. 1 in
 * one plot. Left MoCo on pairs of CIFAR-10 images of one label, of which more and more are wrong,
 * measured by nearest neighbours and a linear probe; right MoCo on VTS, with wholly different
 * images (r_img 1) as its false extreme.
 *
 * Expected: kNN accuracy falls as the mislabelled share rises. Cost: about an hour on two cores
 * (estimated).
 * Needs CIFAR-10's binary files.
 *
 * Command: npx nx run experiments:sweep -- --recipe cifar10-false-pairs --data FOLDER
 */
export function cifar10FalsePairs(): SweepConfig {
  return {
    recipe: 'cifar10-false-pairs',
    panels: [cifar10Panel, vtsPanel],
    seeds: 3,
    figure: 'Fig. 1',
    assumptions: [
      ...assumptions,
      ...vtsMoco().assumptions.map(([field, choice, why]): Assumptions[number] => [
        `VTS: ${field}`,
        choice,
        why,
      ]),
    ],
    cost: 'about an hour on two CPU cores (estimated)',
    runMemoryMiB: 1500,
  };
}

const assumptions: Assumptions = [
  [
    'CIFAR-10: images',
    '5,000 of the 50,000 to pretrain on and to probe with, 2,000 to test',
    'so that a run takes a minute on one core',
  ],
  [
    'CIFAR-10: false pairs',
    'half or all of the positive pairs are two images of one label, the others one image ' +
      'twice; the given share of the images is mislabelled, any wrong class being as likely',
    'so read from Fig. 1',
  ],
  [
    'CIFAR-10: baseline',
    'pairs by true labels; pairs of one image, the ordinary MoCo, are the dashed line',
    'differences between shares are then those of wrong labels alone: two images of a ' +
      'class are another task than one image twice',
  ],
  [
    'CIFAR-10: encoder',
    'ResNet-10 of 16, 32, 64 channels, 3 x 3 stem, 4 x 4 map',
    "small for two cores; the study's is not known",
  ],
  [
    'CIFAR-10: MoCo',
    'K 512, T 0.1, m 0.99, head of one layer to 128, no shuffled batch norm',
    "the demonstration's, with a queue for 5,000 images",
  ],
  [
    'CIFAR-10: optimiser',
    'SGD 0.06, momentum 0.9, weight decay 5e-4, batch 64, 1,500 steps (19 epochs): 20 at ' +
      'rate 0 while the queue fills, 200 of warm-up, cosine',
    "the demonstration's, shorter and with smaller batches; its first 1,000 steps of 512 " +
      'are where its loss begins to fall',
  ],
  [
    'CIFAR-10: evaluation',
    'nearest neighbours (k 200, T 0.1) and a linear probe on frozen, pooled features; of ' +
      'the rates 0.3, 1 and 3 the best on a fifth of the training images',
    "MoCo's notebook looks at projections; the encoder is what is kept",
  ],
];
