import type { Random } from '@noisy-pairs/imaging';
import type { ClassifiedSource } from '@noisy-pairs/pairs';
import { imageSpec, labelSpec, type ImageReader } from './batch-reader.ts';
import { flip, shift } from './move-pixels.ts';

/**
 * How far images are shifted at most, of their edge: 4 pixels of 32, as is usual on CIFAR (He et
 * al. 2016, section 4.2).
 */
const shiftShare = 1 / 8;

/**
 * Reads batches of a classified source. Inputs: `images` [B, S, S, 3], and `labels` [B], their
 * classes. Augmented images are flipped left to right or not, and shifted along both axes, black
 * coming in at the border.
 */
export function classifiedReader(source: ClassifiedSource): ImageReader {
  const { size, length } = source;
  const bytes = size * size * 3;
  return {
    length,
    specs: (count) => ({
      images: imageSpec(count, size),
      labels: labelSpec(count),
    }),
    async read(indices, augment) {
      const images = new Uint8Array(indices.length * bytes);
      const labels = new Int32Array(indices.length);
      for (const [i, index] of indices.entries()) {
        const image = images.subarray(i * bytes, (i + 1) * bytes);
        labels[i] = requireClass(await source.read(index, image), source, index);
        if (augment) flipAndShift(image, size, augment);
      }
      return { inputs: { images, labels } };
    },
  };
}

function flipAndShift(image: Uint8Array, size: number, random: Random): void {
  const reach = Math.round(size * shiftShare);
  flip(image, size, 3, random.bool(), false);
  const right = random.int(2 * reach + 1) - reach;
  const down = random.int(2 * reach + 1) - reach;
  shift(image, size, 3, right, down);
}

function requireClass(label: number, { classes, name }: ClassifiedSource, index: number): number {
  if (!Number.isInteger(label) || label < 0 || label >= classes.length)
    throw new Error(
      `${name}: expected a class id below ${classes.length} for image ${index}, got ${label}`,
    );
  return label;
}
