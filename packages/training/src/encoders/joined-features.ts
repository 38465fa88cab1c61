import { tf, type Tensor4D } from '@noisy-pairs/engine';

/** Images under one mask of a labelled source. */
export type ImageCount = 1 | 2;

/** Channels of what a head sees: an image's features, or both images' and how they differ. */
export const joinedChannels = (channels: number, images: ImageCount): number =>
  images === 1 ? channels : 3 * channels;

/**
 * Of two images of one place: before, after, and the absolute difference, side by side.
 * @param features [B * images, h, w, C], the images of one mask next to each other
 * @returns [B, h, w, joinedChannels]
 */
export function joinFeatures(features: Tensor4D, images: ImageCount): Tensor4D {
  if (images === 1) return features;
  return tf.tidy(() => {
    const [count, h, w, channels] = features.shape;
    const places = features.reshape([count / 2, 2, h, w, channels]);
    const [before, after] = [0, 1].map((i) =>
      places
        .slice([0, i, 0, 0, 0], [-1, 1, -1, -1, -1])
        .reshape<Tensor4D>([count / 2, h, w, channels]),
    ) as [Tensor4D, Tensor4D];
    return tf.concat([before, after, tf.abs(after.sub(before))], 3);
  });
}
