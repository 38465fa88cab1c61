import type { InputSpec, InputValue } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { ignoreLabel, type LabelledSource } from '@noisy-pairs/pairs';
import type { BatchReader } from './batch-reader.ts';

/** A batch of labelled images: pixels and class ids as they are, and what a step takes. */
export interface LabelledBatch {
  /** [B * n, S, S, 3] uint8, n images a mask */
  readonly images: Uint8Array;
  /** [B, S, S] uint8 class ids or ignoreLabel */
  readonly masks: Uint8Array;
  /** As the reader's `specs` say. */
  readonly inputs: Readonly<Record<string, InputValue>>;
}

/** Reads batches of a labelled source. */
export interface LabelledReader extends BatchReader {
  readonly source: LabelledSource;
  /**
   * A batch's inputs: `labels` [B * S * S] int32, and `images` [B * n, S, S, 3] uint8 or `features`
   * [B, h, w, C] float32.
   */
  specs(count: number): Record<string, InputSpec>;
  /** @param flips draws horizontal and vertical flips of image and mask; absent = as they are */
  read(indices: readonly number[], flips?: Random): Promise<LabelledBatch>;
}

/** Batches whose inputs are images. */
export function imageReader(source: LabelledSource): LabelledReader {
  const { size, images: perMask = 1 } = source;
  return {
    source,
    specs: (count) => ({
      images: { shape: [count * perMask, size, size, 3], dtype: 'uint8' },
      labels: labelSpec(count, size),
    }),
    async read(indices, flips) {
      const bytes = perMask * size * size * 3;
      const images = new Uint8Array(indices.length * bytes);
      const masks = new Uint8Array(indices.length * size * size);
      for (const [i, index] of indices.entries()) {
        const image = images.subarray(i * bytes, (i + 1) * bytes);
        const mask = masks.subarray(i * size * size, (i + 1) * size * size);
        await source.read(index, image, mask);
        requireClasses(mask, source, index);
        if (flips) {
          const [horizontal, vertical] = [flips.bool(), flips.bool()];
          for (let k = 0; k < perMask; k++)
            flip(
              image.subarray((k * bytes) / perMask, ((k + 1) * bytes) / perMask),
              size,
              3,
              horizontal,
              vertical,
            );
          flip(mask, size, 1, horizontal, vertical);
        }
      }
      return { images, masks, inputs: { images, labels: new Int32Array(masks) } };
    },
  };
}

export function labelSpec(count: number, size: number): InputSpec {
  return { shape: [count * size * size], dtype: 'int32' };
}

function requireClasses(mask: Uint8Array, { classes, name }: LabelledSource, index: number): void {
  const bad = mask.find((value) => value >= classes.length && value !== ignoreLabel);
  if (bad !== undefined)
    throw new Error(
      `${name}: expected class ids below ${classes.length} or ${ignoreLabel} in mask ${index}, ` +
        `got ${bad}`,
    );
}

/** Flips a square image of interleaved channels in place. */
export function flip(
  pixels: Uint8Array,
  size: number,
  channels: number,
  horizontal: boolean,
  vertical: boolean,
): void {
  const row = size * channels;
  if (vertical) {
    const copy = pixels.slice();
    for (let y = 0; y < size; y++)
      pixels.set(copy.subarray((size - 1 - y) * row, (size - y) * row), y * row);
  }
  if (horizontal) {
    const copy = pixels.slice();
    for (let i = 0; i < pixels.length; i += channels) {
      const x = (i % row) / channels;
      const from = i + (size - 1 - 2 * x) * channels;
      for (let c = 0; c < channels; c++) pixels[i + c] = copy[from + c] ?? 0;
    }
  }
}
