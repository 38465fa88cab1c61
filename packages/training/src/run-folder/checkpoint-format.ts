import type { Tail } from './meter.ts';
import type { RunTimes } from './step-clock.ts';

/**
 * Where a run stands. All of its randomness follows from the seed and the step (the loader and the
 * method's start draw from splits of the seed), so the step is the position and the generator state
 * in one.
 */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Sums that count towards the final values. */
  readonly tail: Tail;
  readonly times: RunTimes;
  /** The settings that decide the result; a run goes on only under the same. */
  readonly settings: Settings;
}

/** JSON values by name. */
export type Settings = Readonly<Record<string, unknown>>;
