import type { InputSpec, InputValue } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';

/** What a step takes of a batch: what is seen of its images, and their labels, class ids. */
export interface LabelledInputs {
  readonly [name: string]: InputValue;
  readonly labels: Int32Array;
}

/** Images as they are: [B * n, S, S, 3] uint8, n images a label. */
export interface ImageInputs extends LabelledInputs {
  readonly images: Uint8Array;
}

/** What an encoder makes of images, in the form that a head sees. */
export interface FeatureInputs extends LabelledInputs {
  readonly features: Float32Array;
}

/** The declaration of `count` images of one size, as they are. */
export const imageSpec = (
  count: number,
  size: number,
): InputSpec<[count: number, height: number, width: number, colours: 3]> => ({
  shape: [count, size, size, 3],
  dtype: 'uint8',
});

/** Reads batches of labelled images, or of what an encoder makes of them, as a step takes them. */
export interface BatchReader<Inputs extends LabelledInputs = LabelledInputs> {
  /** How many there are to read. */
  readonly length: number;
  /** What a batch's inputs are. */
  specs(count: number): { readonly [Name in keyof Inputs]: InputSpec };
  /**
   * @param augment draws changes of the images that keep their labels true; absent = as they are
   */
  read(indices: readonly number[], augment?: Random): Promise<{ readonly inputs: Inputs }>;
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
