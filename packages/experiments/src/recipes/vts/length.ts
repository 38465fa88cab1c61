import type { SweepConfig } from '../../config/sweep-config.ts';
import { vtsMoco } from './moco.ts';
import { smallVts } from './smoke.ts';

/** A sweep with a panel a length of pretraining, in steps, in place of each of its own. */
const withLengths = (sweep: SweepConfig, lengths: readonly number[]): SweepConfig => ({
  ...sweep,
  panels: sweep.panels.flatMap(({ base, ...panel }) =>
    lengths.map((steps) => ({
      ...panel,
      name: `steps${steps}`,
      title: `${panel.title}, ${steps.toLocaleString('en')} steps`,
      base: { ...base, pretrain: { ...base.pretrain, steps } },
    })),
  ),
});

/**
 * Noise's effect over the length of training: vts-moco with all pairs noisy, from a pretraining
 * that has hardly begun to one eleven times as long; a panel a length, and one plot
 * of the differences to clean pairs over the steps (length.svg). To our knowledge nobody has shown
 * it.
 *
 * Cost: about an hour and a half on two cores (68 runs of one thread).
 *
 * Found (three seeds): -1.6, +1.7, +3.9, +3.5 points at 900, 2,000, 4,000, 10,000 steps, the mean
 * of both levels; none is told from 0 after correction (docs/findings).
 *
 * Each length has a schedule of its own: its rate has fallen to 0 at its end.
 *
 * Command: npx nx run experiments:sweep -- --recipe vts-length
 */
export function vtsLength(): SweepConfig {
  const small = vtsMoco();
  const panels = small.panels.map((panel) => ({
    ...panel,
    imageNoises: [0.25, 0.5],
    noisyShares: [1],
  }));
  return {
    ...withLengths({ ...small, panels }, [900, 2000, 4000, 10000]),
    recipe: 'vts-length',
    seeds: 5,
    figure: 'Fig. 4, over the length of training',
    assumptions: [
      [
        'length',
        '900, 2,000, 4,000 and 10,000 steps; hold, warm-up and highest rate are those of vts-moco',
        "the study's length is not known, and what noise does depends on it",
      ],
      ...small.assumptions,
    ],
    cost: 'about an hour and a half on two CPU cores',
  };
}

/**
 * vts-length shrunk until a run takes seconds: shows that everything works together, and nothing
 * about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe length-smoke
 */
export function lengthSmoke(): SweepConfig {
  const small = vtsMoco();
  const panels = small.panels.map((panel) => ({
    ...panel,
    base: smallVts(panel.base),
    imageNoises: [0.5],
    noisyShares: [1],
  }));
  return {
    ...withLengths({ ...vtsLength(), panels }, [12, 24]),
    recipe: 'length-smoke',
    seeds: 2,
    cost: 'half a minute',
  };
}
