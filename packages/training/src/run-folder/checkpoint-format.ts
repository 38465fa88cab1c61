import { brief } from '@noisy-pairs/command-line';
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
  /** Settings that decide the result; a run goes on only under the same. */
  readonly settings: Settings;
}

/** JSON values by name. */
export type Settings = Readonly<Record<string, unknown>>;

/** @throws one line that names what is no position of a run */
export function requirePosition({ step, tail, times, settings }: Partial<Checkpoint>): void {
  if (!Number.isSafeInteger(step) || Number(step) < 0)
    throw new Error(`step: expected a whole number, got ${String(step)}`);
  const numbers = { ...times, ...tail?.sums, count: tail?.count };
  for (const name of ['training', 'waiting', 'paused', ...Object.keys(numbers)]) {
    const value = (numbers as Record<string, unknown>)[name];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new Error(`${name}: expected a number, got ${String(value)}`);
  }
  if (typeof settings !== 'object' || (settings as unknown) === null)
    throw new Error(`settings: expected an object, got ${typeof settings}`);
}

/**
 * @param known whether the checkpoint has the configurations of method and encoder, which those of
 *   before have not
 * @throws one line that names the first setting that differs
 */
export function requireSame(written: Settings, settings: Settings, known: boolean): void {
  const now = JSON.parse(JSON.stringify(settings)) as Settings; // as it would come back from a file
  const value = (from: Settings, name: string) =>
    name in from ? JSON.stringify(from[name]) : 'none';
  for (const name of new Set([...Object.keys(now), ...Object.keys(written)])) {
    if (!known && isConfiguration(name)) continue;
    const [expected, got] = [value(now, name), value(written, name)];
    if (expected !== got)
      throw new Error(
        `${name}: expected ${brief(expected)}, got ${brief(got)} in the checkpoint (other ` +
          'settings need another folder)',
      );
  }
}

const isConfiguration = (name: string) => /^(method|encoder)\./.test(name);
