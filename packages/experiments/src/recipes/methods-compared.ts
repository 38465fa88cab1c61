import { methodTitle, type MethodConfig } from '../config/methods.ts';
import type { Panel } from '../config/sweep-config.ts';
import type { Assumptions } from './assumptions.ts';

const contrast = {
  dimensions: 64,
  hidden: 64,
  queueSize: 128,
  momentum: 0.99,
  temperature: 0.2,
} as const;
const dense = { ...contrast, instanceWeight: 0.5 } as const;

/** Methods as they are compared. */
export const compared: readonly MethodConfig[] = [
  { name: 'moco', ...contrast, robust: null },
  { name: 'densecl', ...dense, robust: null },
  { name: 'pixcontrast', ...dense, temperature: 0.3, distance: 0.7 },
  { name: 'pixpro', ...dense, distance: 0.7 },
  { name: 'vader', ...dense, queueSize: 2048, points: 16, robust: null },
];

/** A panel a method: MoCo and the dense ones, on the same data. */
export const methodPanels = (panel: Panel): Panel[] =>
  compared.map((method) => ({
    ...panel,
    name: method.name,
    title: `${methodTitle(method.name)}${method.name === 'moco' ? ' (Fig. 4)' : ''}`,
    base: { ...panel.base, method },
  }));

export const methodAssumptions: Assumptions = [
  [
    'dense methods',
    "half of the loss is MoCo's of whole images, as in DenseCL",
    'alone, PixPro collapsed here in 900 steps of SGD (spread of features 0.02, mean IoU of ' +
      'the random encoder); the same for all, so that they compare',
  ],
  [
    'DenseCL',
    'T 0.2, K 128 for each of its two queues',
    "the authors' code, with the queue of vts-moco",
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
