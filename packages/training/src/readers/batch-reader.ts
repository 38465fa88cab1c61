import type { InputSpec, ValuesOf } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';

/** Images as they are: [B * n, S, S, 3] uint8, n images a label. */
export type ImageSpec = InputSpec<[count: number, height: number, width: number, colours: 3]>;

/** Class ids, int32: one an image, or one a pixel. */
export type LabelSpec = InputSpec<[count: number]>;

/** A step's inputs where it sees images. */
export type ImageSpecs = Readonly<{ images: ImageSpec; labels: LabelSpec }>;

/** A step's inputs where it sees an encoder's features, float32. */
export type FeatureSpecs = Readonly<{ features: InputSpec; labels: LabelSpec }>;

export type BatchSpecs = ImageSpecs | FeatureSpecs;

interface Arrays {
  readonly images: Uint8Array;
  readonly features: Float32Array;
  readonly labels: Int32Array;
}

/** Values of a batch, as a step takes them. */
export type BatchOf<Specs> = ValuesOf<Specs> & Pick<Arrays, keyof Specs & keyof Arrays>;

/** Reads batches of labelled images, or of an encoder's features of them, as a step takes them. */
export interface BatchReader<Specs extends BatchSpecs> {
  /** How many there are to read. */
  readonly length: number;
  /** The declarations of a batch's inputs. */
  specs(count: number): Specs;
  /**
   * @param augment draws changes of the images that keep their labels true; absent = as they are
   */
  read(indices: readonly number[], augment?: Random): Promise<{ readonly inputs: BatchOf<Specs> }>;
}

export type ImageReader = BatchReader<ImageSpecs>;

export const imageSpec = (count: number, size: number): ImageSpec => ({
  shape: [count, size, size, 3],
  dtype: 'uint8',
});

export const labelSpec = (count: number): LabelSpec => ({ shape: [count], dtype: 'int32' });

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
