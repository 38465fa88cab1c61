import { z } from 'zod';
import { armsConfig } from './arms.ts';
import { robustLoss } from './methods.ts';
import { count, share } from './ranges.ts';
import { panelFields } from './run-config.ts';
import { remedies } from './setting.ts';

/** Values of which none comes twice: each names runs of its own. */
const distinct = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .refine((values) => new Set(values).size === values.length, 'expected distinct values');

/**
 * Runs that share all but seed and pairs, one panel of the report: a grid of noise and remedies, or
 * named arms.
 */
export const panelConfig = z.strictObject({
  /** In names of runs, where there are several panels. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  base: z.strictObject(panelFields),
  /** Values of imageNoise; all arms are at the first. */
  imageNoises: distinct(share).min(1),
  /** Noisy shares above 0, but for arms; clean pairs (share 0) are always run. */
  noisyShares: distinct(share.positive()),
  /** Each is compared with keeping noisy pairs, which is always run. */
  remedies: distinct(z.enum(remedies)),
  /** The loss of the remedy `robust`. */
  robust: robustLoss,
  /** In place of the grid. */
  arms: armsConfig.exactOptional(),
});
export type Panel = z.infer<typeof panelConfig>;

/** Panels are told apart by their names, in names of runs. */
function distinctNames({ value, issues }: z.core.ParsePayload<Panel[]>): void {
  const names = value.map(({ name }) => name);
  if (new Set(names).size < names.length)
    issues.push({ code: 'custom', message: 'expected panels of distinct names', input: names });
}

/** Grids of runs, what they stand for, and what is assumed. */
export const sweepConfig = z.strictObject({
  recipe: z.string().min(1),
  panels: z.array(panelConfig).min(1).check(distinctNames),
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
