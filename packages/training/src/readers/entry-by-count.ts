import type { EntryPoint, InputSpec, Program, StepFunction } from '@noisy-pairs/engine';

/**
 * A function over batches, compiled once for each number of images that comes up: the whole batch,
 * and the rest at the end.
 * @param specs the inputs of a batch of so many
 */
export function entryByCount(
  program: Program,
  step: StepFunction,
  specs: (count: number) => Readonly<Record<string, InputSpec>>,
): (count: number) => EntryPoint {
  const entries = new Map<number, EntryPoint>();
  return (count) => {
    const entry = entries.get(count) ?? program.compile(step, specs(count));
    entries.set(count, entry);
    return entry;
  };
}
