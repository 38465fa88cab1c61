import type { InputSpec } from '@noisy-pairs/engine';
import type { ClassifiedSource } from '@noisy-pairs/pairs';
import type { BatchReader } from './batch-reader.ts';
import { flip } from './labelled.ts';

/**
 * Reads batches of a classified source. Inputs: `labels` [B] int32, and `images` [B, S, S, 3] uint8
 * or `features` [B, C] float32.
 */
export interface ClassifiedReader extends BatchReader {
  readonly source: ClassifiedSource;
}

/**
 * How far images are shifted at most, of their edge: 4 pixels of 32, as is usual on CIFAR (He et
 * al. 2016, section 4.2).
 */
const shiftShare = 1 / 8;

/**
 * Batches whose inputs are images; augmented ones are flipped left to right or not, and shifted
 * along both axes, black coming in at the border.
 */
export function classifiedReader(source: ClassifiedSource): ClassifiedReader {
  const { size, name, classes } = source;
  const reach = Math.round(size * shiftShare);
  return {
    source,
    specs: (count) => ({
      images: { shape: [count, size, size, 3], dtype: 'uint8' },
      labels: classSpec(count),
    }),
    async read(indices, augment) {
      const bytes = size * size * 3;
      const images = new Uint8Array(indices.length * bytes),
        labels = new Int32Array(indices.length);
      for (const [i, index] of indices.entries()) {
        const image = images.subarray(i * bytes, (i + 1) * bytes);
        const label = await source.read(index, image);
        if (!Number.isInteger(label) || label < 0 || label >= classes.length)
          throw new Error(
            `${name}: expected a class id below ${classes.length} for image ${index}, got ${label}`,
          );
        labels[i] = label;
        if (!augment) continue;
        flip(image, size, 3, augment.bool(), false);
        const offset = () => augment.int(2 * reach + 1) - reach;
        shift(image, size, 3, offset(), offset());
      }
      return { inputs: { images, labels } };
    },
  };
}

export function classSpec(count: number): InputSpec {
  return { shape: [count], dtype: 'int32' };
}

/**
 * Moves a square image of interleaved channels in place, by whole pixels to the right and down;
 * zeros come in.
 */
export function shift(
  pixels: Uint8Array,
  size: number,
  channels: number,
  right: number,
  down: number,
): void {
  const copy = pixels.slice(),
    row = size * channels;
  const kept = Math.max(0, size - Math.abs(right)) * channels,
    from = Math.max(0, -right) * channels,
    to = Math.max(0, right) * channels;
  pixels.fill(0);
  for (let y = 0; y < size; y++) {
    const source = y - down;
    if (source >= 0 && source < size)
      pixels.set(copy.subarray(source * row + from, source * row + from + kept), y * row + to);
  }
}
