import { methodTitle, type MethodConfig } from '../config/methods.ts';
import type { Panel, SweepConfig } from '../config/sweep-config.ts';
import { smallVts } from './smoke.ts';
import { vtsMoco } from './vts-moco.ts';

const contrast = {
  dimensions: 64,
  hidden: 64,
  queueSize: 512,
  momentum: 0.99,
  temperature: 0.2,
} as const;

const dense = { ...contrast, instanceWeight: 0.5 } as const;

const compared: readonly MethodConfig[] = [
  { name: 'moco', ...contrast, robust: null },
  { name: 'densecl', ...dense, robust: null },
  { name: 'pixcontrast', ...dense, temperature: 0.3, distance: 0.7 },
  { name: 'pixpro', ...dense, distance: 0.7 },
  { name: 'vader', ...dense, queueSize: 2048, points: 16, robust: null },
];

/** A panel a method: MoCo and the dense ones. */
export const methodPanels = (panel: Panel): Panel[] =>
  compared.map((method) => ({
    ...panel,
    name: method.name,
    title: `${methodTitle(method.name)}${method.name === 'moco' ? ' (Fig. 4)' : ''}`,
    base: { ...panel.base, method },
  }));

/**
 * Every dense method on VTS, and MoCo beside them, small enough for two CPU cores: the trend of
 * Fig. 5 (mIoU of a frozen encoder over the share of noisy pairs, a panel a method, a line per
 * r_img).
 *
 * Cost: about 50 minutes on two cores (81 runs of one thread). Command: npx nx run
 * experiments:sweep -- --recipe vts-dense Data, encoder, optimiser and evaluation are those of
 * vts-moco for every method, so that panels differ by the method alone; none was tuned for itself.
 */
export function vtsDense(): SweepConfig {
  const small = vtsMoco();
  return {
    ...small,
    recipe: 'vts-dense',
    panels: small.panels.flatMap((panel) => methodPanels({ ...panel, imageNoises: [0.25, 1] })),
    figure: 'Figs. 5 and 4',
    assumptions: [...denseAssumptions, ...small.assumptions.filter(([field]) => field !== 'MoCo')],
    cost: 'about 50 minutes on two CPU cores',
    runMemoryMiB: 1500,
  };
}

export const denseAssumptions: SweepConfig['assumptions'] = [
  [
    'dense methods',
    "half of the loss is MoCo's of whole images, as in DenseCL",
    'alone, PixPro collapsed here in 900 steps of SGD (spread of features 0.02, mean IoU of ' +
      'the random encoder); the same for all, so that they compare',
  ],
  [
    'DenseCL',
    'T 0.2, K 512 for each of its two queues',
    "the authors' code, with a queue for a small data set",
  ],
  [
    'PixContrast',
    'T 0.3 of pixels and of images, distance 0.7',
    "the paper's formula; there is no official code",
  ],
  [
    'PixPro',
    'distance 0.7, pixel propagation with gamma 2 and one layer, key momentum 0.99 to 1 by a ' +
      'cosine',
    "the authors' code; SGD rather than LARS, as for the others",
  ],
  [
    'VADeR',
    '16 points an image, T 0.2, K 2,048 pixels and images, a feature pyramid of 64 channels',
    'our specification: no code of it is known to us',
  ],
];

/**
 * vts-dense shrunk until a run takes seconds: shows that every method works, and nothing about
 * noise.
 *
 * Cost: a minute. Command: npx nx run experiments:sweep -- --recipe dense-smoke
 */
export function denseSmoke(): SweepConfig {
  const full = vtsDense();
  return {
    ...full,
    recipe: 'dense-smoke',
    panels: full.panels.map((panel) => ({
      ...panel,
      base: smallVts(panel.base),
      imageNoises: [0.5],
      noisyShares: [1],
    })),
    seeds: 1,
    cost: 'a minute',
  };
}
