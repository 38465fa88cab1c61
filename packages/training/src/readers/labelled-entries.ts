import type { EntryPoint, Program, StepFunction } from '@noisy-pairs/engine';
import type { BatchReader } from './batch-reader.ts';

/**
 * A function over a reader's batches, compiled once for each number of images that comes up: the
 * whole batch, and the rest at the end.
 */
export function labelledEntries(
  program: Program,
  step: StepFunction,
  reader: Pick<BatchReader, 'specs'>,
): (count: number) => EntryPoint {
  const entries = new Map<number, EntryPoint>();
  return (count) => {
    const entry = entries.get(count) ?? program.compile(step, reader.specs(count));
    entries.set(count, entry);
    return entry;
  };
}
