import {
  disposeAll,
  openProgram,
  under,
  within,
  type EntryPoint,
  type Precision,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import { encoderPart, type EncoderWeights } from './encoder-weights.ts';
import { pixelFunction } from '../views/normalise.ts';

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
  readonly weights: EncoderWeights;
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
 * What an encoder in inference mode makes of images, in their order, a batch in memory at a time.
 * Its program is closed when the loop over it ends.
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
  const toStandard = pixelFunction(size, normalise);
  const fresh = encoder.init(Random.from(0)); // names and shapes that the weights must have
  try {
    const { params, stats } = encoderPart(weights, fresh);
    const program = await openProgram(
      { ...under('params', params), ...under('stats', stats) },
      { eager, precision },
    );
    try {
      const entries = new Map<number, EntryPoint>(); // of whole batches, and of the last one
      const bytes = size * size * 3;
      for (let start = 0; start < length; start += batchSize) {
        const count = Math.min(batchSize, length - start);
        const pixels = new Uint8Array(count * bytes);
        for (let i = 0; i < count; i++)
          await images.read(start + i, pixels.subarray(i * bytes, (i + 1) * bytes));
        const entry =
          entries.get(count) ??
          program.compile(
            (state, { x }) => {
              const { y } = encoder.apply(
                within('params', state),
                within('stats', state),
                toStandard(x),
                false,
              );
              return { outputs: { features: y } }; // [B, h, w, C]
            },
            { x: { shape: [count, size, size, 3], dtype: 'uint8' } },
          );
        entries.set(count, entry);
        const features = (await entry.run({ x: pixels })).outputs.features;
        const [, height = 0, width = 0, channels = 0] = features.shape;
        yield { start, count, height, width, channels, data: features.data as Float32Array };
      }
    } finally {
      program.close();
    }
  } finally {
    disposeAll(fresh.params);
    disposeAll(fresh.stats);
  }
}
