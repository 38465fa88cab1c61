import { tf, type Tensor, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import type { Encoder } from '@noisy-pairs/models';

/** The form in which a head sees an encoder's feature maps. */
export interface FeatureForm<Features extends Tensor = Tensor> {
  /** Shape of one label's features. */
  readonly shape: readonly number[];
  /** @param maps [B * n, h, w, C], n images a label @returns [B, ...shape] */
  of(maps: Tensor4D): Features;
}

/** The maps averaged over their pixels: [B, C]. */
export function pooledForm({ channels }: Pick<Encoder, 'channels'>): FeatureForm<Tensor2D> {
  return { shape: [channels], of: (maps) => maps.mean([1, 2]) };
}

/** Images under one mask of a labelled source. */
export type ImageCount = 1 | 2;

/** The maps as they are, or of two images a mask, joined: [B, h, w, joinedChannels]. */
export function joinedForm(
  { channels, outputStride }: Pick<Encoder, 'channels' | 'outputStride'>,
  size: number,
  images: ImageCount,
): FeatureForm<Tensor4D> {
  const edge = Math.ceil(size / outputStride);
  return {
    shape: [edge, edge, joinedChannels(channels, images)],
    of: (maps) => joinFeatures(maps, images),
  };
}

/** Channels of what a head sees: an image's features, or both images' and how they differ. */
export const joinedChannels = (channels: number, images: ImageCount): number =>
  images === 1 ? channels : 3 * channels;

/**
 * The features of two images of one place side by side: before, after, and the absolute difference.
 * @param features [B * images, h, w, C], the images of one mask next to each other
 * @returns [B, h, w, joinedChannels]
 */
export function joinFeatures(features: Tensor4D, images: ImageCount): Tensor4D {
  if (images === 1) return features;
  return tf.tidy(() => {
    const [count, h, w, channels] = features.shape;
    const places = features.reshape([count / 2, 2, h, w, channels]);
    const image = (i: 0 | 1) =>
      places
        .slice([0, i, 0, 0, 0], [-1, 1, -1, -1, -1])
        .reshape<Tensor4D>([count / 2, h, w, channels]);
    const before = image(0);
    const after = image(1);
    return tf.concat([before, after, tf.abs(after.sub(before))], 3);
  });
}
