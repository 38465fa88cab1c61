import { disposeAll, type Program } from '@noisy-pairs/engine';
import { encoderState, type NetworkState } from '@noisy-pairs/models';
import type { PretrainState } from './step.ts';

/**
 * Measures an encoder from time to time while it is pretrained. It sees weights and changes
 * nothing: a run with it has the same weights, bit for bit, as one without.
 */
export interface Monitor {
  /** A measurement each time that so many epochs are complete, and one at the end. */
  readonly everyEpochs: number;
  /**
   * @param encoder borrowed: the query encoder, with what heads it has
   * @returns finite numbers by name, for the run's metrics
   */
  measure(encoder: NetworkState): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

/** @throws if everyEpochs is not above 0 */
export function checkMonitor({ everyEpochs }: Pick<Monitor, 'everyEpochs'>): void {
  if (!(everyEpochs > 0))
    throw new Error(`monitor everyEpochs: expected a number above 0, got ${everyEpochs}`);
}

/**
 * Whether a step is the first to complete a multiple of the monitor's epochs, or the last of all.
 * @param done steps done, this one included
 */
export function isDue(
  { everyEpochs }: Monitor,
  done: number,
  run: { readonly batchSize: number; readonly pairs: number; readonly steps: number },
): boolean {
  const complete = (steps: number) =>
    Math.floor((steps * run.batchSize) / (everyEpochs * run.pairs));
  return done === run.steps || complete(done) > complete(done - 1);
}

/** Measures the query encoder as it is in a program. @throws if a value is not finite */
export async function measured(
  monitor: Monitor,
  program: Pick<Program<PretrainState>, 'read'>,
): Promise<Readonly<Record<string, number>>> {
  const state = await program.read('query', 'queryStats');
  const values = await monitor.measure(encoderState(state)).finally(() => {
    disposeAll(state);
  });
  for (const [name, value] of Object.entries(values))
    if (!Number.isFinite(value))
      throw new Error(`monitor ${name}: expected a finite number, got ${value}`);
  return values;
}

/**
 * A line of metrics with a monitor's values.
 * @throws if one has the name of a value that the line has already
 */
export function joinedLine<T extends Readonly<Record<string, number>>>(
  line: T,
  values: Readonly<Record<string, number>>,
): T {
  const taken = Object.keys(values).find((name) => name in line);
  if (taken !== undefined)
    throw new Error(
      `monitor ${taken}: expected a name that the metrics do not have, got one of ` +
        Object.keys(line).join(', '),
    );
  return { ...line, ...values };
}
