import type { SweepConfig } from '../../config/sweep-config.ts';
import { without } from '../assumptions.ts';
import { methodAssumptions, methodPanels } from '../methods-compared.ts';
import { vtsMoco } from './moco.ts';
import { smallVts } from './smoke.ts';

/**
 * Every dense method on VTS, and MoCo beside them, small enough for two CPU cores: the trend of
 * Fig. 5 (mIoU of a frozen encoder over the share of noisy pairs, a panel a method, a line per
 * r_img).
 *
 * Cost: about three hours on two cores (81 runs of one thread; estimated from shorter ones).
 *
 * Data, encoder, optimiser and evaluation are those of vts-moco for every method, so that panels
 * differ by the method alone; none was tuned for itself.
 *
 * Command: npx nx run experiments:sweep -- --recipe vts-dense
 */
export function vtsDense(): SweepConfig {
  const small = vtsMoco();
  return {
    ...small,
    recipe: 'vts-dense',
    panels: small.panels.flatMap((panel) => methodPanels({ ...panel, imageNoises: [0.25, 1] })),
    figure: 'Figs. 5 and 4',
    assumptions: [...methodAssumptions, ...without(small.assumptions, 'MoCo')],
    cost: 'about three hours on two CPU cores (estimated)',
    runMemoryMiB: 1500,
  };
}

/**
 * vts-dense shrunk until a run takes seconds: shows that every method works, and nothing about
 * noise.
 *
 * Cost: a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe dense-smoke
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
