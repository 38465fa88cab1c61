import type { SweepConfig } from '../../config/sweep-config.ts';
import { vtsMoco } from './moco.ts';

/**
 * vts-moco trained two and a half times as long, with more levels of noise and more seeds: the
 * whole of Fig. 4 at its small size. Meant to be stopped and gone on with as you like.
 *
 * Cost: about two hours and a half on two cores (55 runs of one thread).
 *
 * Command: npx nx run experiments:sweep -- --recipe vts-moco-long
 */
export function vtsMocoLong(): SweepConfig {
  const small = vtsMoco();
  const steps = 10000;
  return {
    ...small,
    recipe: 'vts-moco-long',
    panels: small.panels.map((panel) => ({
      ...panel,
      base: { ...panel.base, pretrain: { ...panel.base.pretrain, steps } },
      imageNoises: [0.25, 0.5, 0.75, 1],
      noisyShares: [0.5, 1],
    })),
    seeds: 5,
    assumptions: [
      [
        'length',
        '10,000 steps',
        'clean pairs rise still: 0.574 at 4,000 steps, 0.618 here (three seeds)',
      ],
      ...small.assumptions,
    ],
    cost: 'about two hours and a half on two CPU cores',
  };
}
