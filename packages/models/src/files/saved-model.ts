import { tf, writeSavedModel, type NamedTensors, type Tensor4D } from '@noisy-pairs/engine';
import type { Encoder, NetworkState } from '../networks/network.ts';

/** Mean and standard deviation of red, green and blue on the scale 0..1. */
export interface InputScale {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * Saves an encoder in inference mode as a TensorFlow SavedModel, its weights in the graph. The
 * signature `serving_default` takes `images` [?, ?, ?, 3], float32, RGB on the scale 0..1 (pixels /
 * 255), any number of any size; (x - mean) / std by channel is in the model. It gives `features`
 * [?, h, w, channels], of the last stage, and `pooled` [?, channels], their mean over h and w.
 * Entries of heads are left out.
 * @param state borrowed
 * @throws as writeSavedModel; if an entry is missing or of another shape, or a standard deviation
 *   is not positive
 */
export async function exportSavedModel(
  folder: string,
  encoder: Encoder,
  state: NetworkState,
  { mean, std }: InputScale,
): Promise<void> {
  for (const value of std) {
    if (!(value > 0)) throw new Error(`std: expected positive numbers, got ${std.join(', ')}`);
  }
  const constants = {
    params: ownEntries(encoder, state, 'params'),
    stats: ownEntries(encoder, state, 'stats'),
  };
  await writeSavedModel(
    folder,
    ({ params, stats }, { images }) => {
      // As in training: multiplied and added, so that both compute the same.
      const scale = tf.tensor1d(std.map((s) => 1 / s));
      const shift = tf.tensor1d(std.map((s, c) => -(mean[c] ?? NaN) / s));
      const x = images.mul(scale).add<Tensor4D>(shift);
      const { y: features } = encoder.apply(params, stats, x, false);
      return { features, pooled: features.mean([1, 2]) };
    },
    constants,
    { images: { shape: [null, null, null, 3], dtype: 'float32' } },
  );
}

/** The entries that the encoder has, not copied. */
function ownEntries(
  { shapes }: Encoder,
  state: NetworkState,
  part: keyof NetworkState,
): NamedTensors {
  return Object.fromEntries(
    Object.entries(shapes[part]).map(([name, shape]) => {
      const tensor = state[part][name];
      if (tensor?.shape.join() === shape.join()) return [name, tensor];
      const got = tensor ? `[${tensor.shape.join(', ')}]` : 'none';
      throw new Error(`encoder ${name}: expected [${shape.join(', ')}], got ${got}`);
    }),
  );
}
