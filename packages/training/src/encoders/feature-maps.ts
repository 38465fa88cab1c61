import type { Precision } from '@noisy-pairs/engine';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import { parts } from '../readers/batch-reader.ts';
import { openFrozenEncoder } from './frozen-encoder.ts';

/** Square RGB images of one size, to be looked at one after the other. */
export interface ImageSequence {
  /** Edge in pixels. */
  readonly size: number;
  readonly length: number;
  /** Writes image `index` (size * size * 3 bytes). What it returns is not looked at. */
  read(index: number, image: Uint8Array): unknown;
}

export interface FeatureMapsOptions {
  readonly encoder: Encoder;
  /** Borrowed until the generator is done; entries of a projection head are left out. */
  readonly weights: NetworkState;
  readonly images: ImageSequence;
  readonly normalise: InputScale;
  /** Default 32. */
  readonly batchSize?: number;
  /** Runs op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
}

/** Feature maps of images `start` .. `start + count - 1`. */
export interface FeatureMaps {
  readonly start: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [count, height, width, channels], in JavaScript's memory; the caller's */
  readonly data: Float32Array;
}

/**
 * The feature maps of images by an encoder in inference mode, in their order, a batch in memory at
 * a time. Its program is closed when the loop over it ends.
 * @throws if weights are not the encoder's
 */
export async function* featureMaps({
  encoder,
  weights,
  images,
  normalise,
  batchSize = 32,
  eager = false,
  precision = 'float32',
}: FeatureMapsOptions): AsyncGenerator<FeatureMaps, void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new Error(`batchSize: expected a positive whole number, got ${batchSize}`);
  const { size, length } = images;
  const frozen = await openFrozenEncoder(encoder, weights, normalise, { eager, precision });
  try {
    const features = frozen.features(size, (maps) => maps);
    for (const indices of parts(length, batchSize)) {
      const [start = 0] = indices;
      const { shape, data } = await features(await readImages(images, indices));
      const [count = 0, height = 0, width = 0, channels = 0] = shape;
      yield { start, count, height, width, channels, data };
    }
  } finally {
    frozen.close();
  }
}

/** @returns [B, size, size, 3] */
async function readImages(images: ImageSequence, indices: readonly number[]): Promise<Uint8Array> {
  const bytes = images.size ** 2 * 3;
  const pixels = new Uint8Array(indices.length * bytes);
  for (const [i, index] of indices.entries())
    await images.read(index, pixels.subarray(i * bytes, (i + 1) * bytes));
  return pixels;
}
