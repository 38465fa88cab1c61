import { tf, type Tensor4D } from '@noisy-pairs/engine';
import type { InputScale } from '@noisy-pairs/models';

/**
 * (x - mean) / std by channel, for images of one size. Constants of a whole image are multiplied
 * and added, as broadcasting over an innermost axis of 3 takes twenty times as long.
 * @returns a function of x [B, size, size, 3] in 0..1
 * @throws if a standard deviation is not positive
 */
export function normaliseFunction(
  size: number,
  { mean, std }: InputScale,
): (x: Tensor4D) => Tensor4D {
  for (const value of std) {
    if (!(value > 0))
      throw new Error(`normalise.std: expected positive numbers, got ${std.join(', ')}`);
  }
  const image = (channel: (c: 0 | 1 | 2) => number) => {
    const values = [channel(0), channel(1), channel(2)];
    return Float32Array.from({ length: size * size * 3 }, (_, i) => values[i % 3] ?? 0);
  };
  const scale = image((c) => 1 / std[c]);
  const shift = image((c) => -mean[c] / std[c]);
  return (x) =>
    tf.tidy(() =>
      x.mul(tf.tensor4d(scale, [1, size, size, 3])).add(tf.tensor4d(shift, [1, size, size, 3])),
    );
}

/** The same of pixels as they come. @returns a function of x [B, size, size, 3] in 0..255 */
export function pixelFunction(size: number, normalise: InputScale): (x: Tensor4D) => Tensor4D {
  const toStandard = normaliseFunction(size, normalise);
  return (x) => tf.tidy(() => toStandard(x.mul<Tensor4D>(1 / 255)));
}
