import type {
  EntryPoint,
  NamedTensors,
  Program,
  SpecTree,
  StepFunction,
  TensorsOf,
  TensorTree,
} from '@noisy-pairs/engine';

/**
 * A function over batches, compiled once for each number of images that comes up: the whole batch,
 * and the rest at the end.
 * @param specs the inputs of a batch of so many
 */
export function entryByCount<
  State extends TensorTree,
  Specs extends SpecTree,
  Outputs extends NamedTensors,
>(
  program: Program<State>,
  specs: (count: number) => Specs,
  step: StepFunction<State, TensorsOf<Specs>, Outputs>,
): (count: number) => EntryPoint<Specs, Outputs> {
  const entries = new Map<number, EntryPoint<Specs, Outputs>>();
  return (count) => {
    const entry = entries.get(count) ?? program.compile(step, specs(count));
    entries.set(count, entry);
    return entry;
  };
}
