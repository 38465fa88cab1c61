import type { ClassifiedSource, LabelledSource } from '@noisy-pairs/pairs';

/** The same images, each read once and kept: length * size * size * 3 bytes. */
export async function keptClassified(source: ClassifiedSource): Promise<ClassifiedSource> {
  const { length, size } = source;
  const images = rows(length, size * size * 3);
  const labels: number[] = [];
  for (let i = 0; i < length; i++) labels.push(await source.read(i, images(i)));
  return {
    ...source,
    read(index, image) {
      image.set(images(index));
      return labels[index] as number;
    },
  };
}

/**
 * The same images and masks, each read once and kept: length * size * size * 4 bytes, or 7 with two
 * images a mask.
 */
export async function keptLabelled(source: LabelledSource): Promise<LabelledSource> {
  const { length, size } = source;
  const images = rows(length, size * size * 3 * (source.images ?? 1));
  const masks = rows(length, size * size);
  for (let i = 0; i < length; i++) await source.read(i, images(i), masks(i));
  return {
    ...source,
    read(index, image, mask) {
      image.set(images(index));
      mask.set(masks(index));
    },
  };
}

/** Rows of one allocation. */
function rows(count: number, width: number): (row: number) => Uint8Array {
  const bytes = new Uint8Array(count * width);
  return (row) => bytes.subarray(row * width, (row + 1) * width);
}
