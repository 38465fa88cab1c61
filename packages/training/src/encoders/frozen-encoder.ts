import {
  openProgram,
  under,
  within,
  type HostTensor,
  type Precision,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import { entryByCount } from '../readers/entry-by-count.ts';
import { pixelFunction } from '../views/normalise.ts';
import { blankEncoder, disposeEncoder, encoderPart } from './encoder-weights.ts';

/** How a program runs. */
export interface Running {
  readonly eager: boolean;
  readonly precision: Precision;
}

/** Feature maps, or what was made of them, in JavaScript's memory; the caller's. */
export interface Features {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An encoder in inference mode: running statistics, and weights that no step changes. */
export interface FrozenEncoder {
  /**
   * A function of images [n, size, size, 3], uint8, which gives what `form` makes of their feature
   * maps [n, h, w, C]; compiled once for each n that comes up.
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
  const named = ({ params, stats }: NetworkState) => ({
    ...under('params', params),
    ...under('stats', stats),
  });
  const start = weights ? encoderPart(weights, encoder) : blankEncoder(encoder);
  const program = await openProgram(named(start), options).finally(() => {
    if (!weights) disposeEncoder(start);
  });
  return {
    features(size, form) {
      const toStandard = pixelFunction(size, normalise);
      const entries = entryByCount(
        program,
        (state, { images }) => {
          const x = toStandard(images as Tensor4D);
          const { y } = encoder.apply(within('params', state), within('stats', state), x, false);
          return { outputs: { features: form(y) } };
        },
        (count) => ({ images: { shape: [count, size, size, 3], dtype: 'uint8' } }),
      );
      return async (images) => {
        const entry = entries(images.length / (size * size * 3));
        const { outputs } = await entry.run({ images });
        const { shape, data } = outputs['features'] as HostTensor;
        return { shape, data: data as Float32Array };
      };
    },
    write: (other) => program.write(named(encoderPart(other, encoder))),
    async read() {
      const state = await program.read();
      return { params: within('params', state), stats: within('stats', state) };
    },
    close() {
      program.close();
    },
  };
}
