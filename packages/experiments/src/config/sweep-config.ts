import { z } from 'zod';
import { armsConfig } from './arms.ts';
import { robustLoss } from './methods.ts';
import { count, share } from './ranges.ts';
import { panelFields } from './run-config.ts';
import { remedies } from './setting.ts';

/**
 * Runs that share all but seed and pairs, one panel of the report: a grid of noise and remedies, or
 * named arms.
 */
const panelConfig = z.strictObject({
  /** In names of runs, where there are several panels. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  base: z.strictObject(panelFields),
  /** Values of imageNoise; all arms are at the first. */
  imageNoises: z.array(share).min(1),
  /** Noisy shares above 0, but for arms; clean pairs (share 0) are always run. */
  noisyShares: z.array(share),
  /** Each is compared with keeping noisy pairs, which is always run. */
  remedies: z.array(z.enum(remedies)),
  /** The loss of the remedy `robust`. */
  robust: robustLoss,
  /** In place of the grid. */
  arms: armsConfig.exactOptional(),
});
export type Panel = z.infer<typeof panelConfig>;

/** Grids of runs, what they stand for, and what is assumed. */
export const sweepConfig = z.strictObject({
  recipe: z.string().min(1),
  panels: z.array(panelConfig).min(1),
  seeds: count,
  /** The figure of the study it follows. */
  figure: z.string(),
  /** Choices of ours where the study says nothing: field, choice, reason. */
  assumptions: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** Time that the sweep takes, and on what, in words. */
  cost: z.string(),
  /** Memory of one run in MiB, by which the number of processes is chosen. */
  runMemoryMiB: count,
});
export type SweepConfig = z.infer<typeof sweepConfig>;
