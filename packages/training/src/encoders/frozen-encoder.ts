import {
  disposeAll,
  openProgram,
  type Precision,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import { imageSpec } from '../readers/batch-reader.ts';
import { entryByCount } from '../readers/entry-by-count.ts';
import { pixelFunction } from '../views/normalise.ts';
import { blankEncoder, encoderPart } from './encoder-weights.ts';

/** How a program runs. */
interface Running {
  readonly eager: boolean;
  readonly precision: Precision;
}

/** Feature maps, or a form of them, in JavaScript's memory; the caller's. */
interface Features {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An encoder in inference mode: running statistics, and weights that no step changes. */
export interface FrozenEncoder {
  /**
   * A function from images [n, size, size, 3], uint8, to a form of their feature maps [n, h, w, C];
   * compiled once for each n that comes up.
   */
  features(
    size: number,
    form: (maps: Tensor4D) => Tensor,
  ): (images: Uint8Array) => Promise<Features>;
  /**
   * Goes on with other weights, which are borrowed; what was compiled stays.
   * @throws if one is missing or of another shape
   */
  write(weights: NetworkState): Promise<void>;
  /** The weights as they are now; the caller's. */
  read(): Promise<NetworkState>;
  close(): void;
}

/**
 * Opens an encoder in a program of its own.
 * @param weights borrowed and copied, heads left out; absent = zeros until others are written
 * @throws if a weight is missing or of another shape
 */
export async function openFrozenEncoder(
  encoder: Encoder,
  weights: NetworkState | undefined,
  normalise: InputScale,
  options: Running,
): Promise<FrozenEncoder> {
  const start = weights ? encoderPart(weights, encoder) : blankEncoder(encoder);
  const program = await openProgram(start, options).finally(() => {
    if (!weights) disposeAll(start);
  });
  return {
    features(size, form) {
      const toStandard = pixelFunction(size, normalise);
      const entries = entryByCount(
        program,
        (count) => ({ images: imageSpec(count, size) }),
        ({ params, stats }, { images }) => {
          const { y } = encoder.apply(params, stats, toStandard(images), false);
          return { outputs: { features: form(y) } };
        },
      );
      return async (images) => {
        const { outputs } = await entries(images.length / (size * size * 3)).run({ images });
        const { shape, data } = outputs.features;
        return { shape, data: data as Float32Array };
      };
    },
    write: (other) => program.write(encoderPart(other, encoder)),
    read: () => program.read(),
    close() {
      program.close();
    },
  };
}
