import type { Random } from '@noisy-pairs/imaging';
import { ignoreLabel, type LabelledSource } from '@noisy-pairs/pairs';
import {
  imageSpec,
  labelSpec,
  type BatchOf,
  type ImageReader,
  type ImageSpecs,
} from './batch-reader.ts';
import { flip } from './move-pixels.ts';

/** A batch of labelled images: pixels and class ids as they are, and what a step takes. */
interface LabelledBatch {
  /** [B * n, S, S, 3] uint8, n images a mask */
  readonly images: Uint8Array;
  /** [B, S, S] uint8 class ids or ignoreLabel */
  readonly masks: Uint8Array;
  readonly inputs: BatchOf<ImageSpecs>;
}

/** Reads batches of a labelled source. Inputs: `images`, and `labels` [B * S * S], the masks. */
export interface LabelledReader extends ImageReader {
  /** @param flips draws horizontal and vertical flips of image and mask; absent = as they are */
  read(indices: readonly number[], flips?: Random): Promise<LabelledBatch>;
}

export function labelledReader(source: LabelledSource): LabelledReader {
  const { size, length, images: perMask = 1 } = source;
  const pixels = size * size;
  const bytes = perMask * pixels * 3;
  return {
    length,
    specs: (count) => ({
      images: imageSpec(count * perMask, size),
      labels: labelSpec(count * pixels),
    }),
    async read(indices, flips) {
      const images = new Uint8Array(indices.length * bytes);
      const masks = new Uint8Array(indices.length * pixels);
      for (const [i, index] of indices.entries()) {
        const image = images.subarray(i * bytes, (i + 1) * bytes);
        const mask = masks.subarray(i * pixels, (i + 1) * pixels);
        await source.read(index, image, mask);
        requireClasses(mask, source, index);
        if (flips) flipTogether(image, mask, size, flips);
      }
      return { images, masks, inputs: { images, labels: new Int32Array(masks) } };
    },
  };
}

/** Flips all images of a mask, and it, alike. */
function flipTogether(images: Uint8Array, mask: Uint8Array, size: number, flips: Random): void {
  const horizontal = flips.bool();
  const vertical = flips.bool();
  const bytes = size * size * 3;
  for (let start = 0; start < images.length; start += bytes)
    flip(images.subarray(start, start + bytes), size, 3, horizontal, vertical);
  flip(mask, size, 1, horizontal, vertical);
}

function requireClasses(mask: Uint8Array, { classes, name }: LabelledSource, index: number): void {
  const bad = mask.find((value) => value >= classes.length && value !== ignoreLabel);
  if (bad !== undefined)
    throw new Error(
      `${name}: expected class ids below ${classes.length} or ${ignoreLabel} in mask ${index}, ` +
        `got ${bad}`,
    );
}
