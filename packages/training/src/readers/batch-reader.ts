import type { InputSpec, InputValue } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';

/** Reads batches of labelled images, or of what an encoder makes of them, as a step takes them. */
export interface BatchReader {
  /** A batch's inputs; `labels` is among them. */
  specs(count: number): Record<string, InputSpec>;
  /**
   * @param augment draws changes of the images that keep their labels true; absent = as they are
   */
  read(
    indices: readonly number[],
    augment?: Random,
  ): Promise<{ readonly inputs: Readonly<Record<string, InputValue>> }>;
}

/**
 * The indices of each step's batch: permutations of `indices`, one after another, cut into batches,
 * none short.
 */
export function* batches(
  indices: readonly number[],
  batchSize: number,
  steps: number,
  random: Random,
): Generator<number[]> {
  let order: number[] = [];
  for (let step = 0, epoch = 0; step < steps; step++) {
    while (order.length < batchSize)
      order.push(...random.split('epoch', epoch++).shuffle([...indices]));
    yield order.slice(0, batchSize);
    order = order.slice(batchSize);
  }
}

/** 0..length-1. */
export const all = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** 0..length-1 in parts of at most `size`, in order. */
export function* parts(length: number, size: number): Generator<number[]> {
  for (let start = 0; start < length; start += size)
    yield Array.from({ length: Math.min(size, length - start) }, (_, i) => start + i);
}
