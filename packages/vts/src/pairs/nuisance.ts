import { Random } from '@noisy-pairs/imaging';
import { z } from 'zod';

/** What differs between two photographs of one place without any change of it: how much at most. */
export const nuisanceOptions = z.strictObject({
  /** Contrast and brightness: a factor in 1 - gain .. 1 + gain. */
  gain: z.number().min(0).max(0.9).default(0.2),
  /** Exponent of the grey values in 1 / (1 + gamma) .. 1 + gamma. */
  gamma: z.number().min(0).max(2).default(0.3),
  /** Standard deviation of a Gaussian filter, 0..blur pixels. */
  blur: z.number().min(0).max(5).default(0.8),
  /** Standard deviation of noise a pixel and band, 0..noise of 255 grey levels. */
  noise: z.number().min(0).max(50).default(5),
  /** Pixels that the image is moved by, -shift..shift in either direction. */
  shift: z.int().min(0).max(32).default(3),
});
export type Nuisance = z.output<typeof nuisanceOptions>;

/**
 * An image as it might have been taken on another day: moved (mirrored at its edges), blurred, with
 * another gamma and gain, and noise; all drawn anew for each image.
 */
export function takenAgain(
  image: Uint8Array,
  size: number,
  nuisance: Nuisance,
  random: Random,
): void {
  const right = random.int(2 * nuisance.shift + 1) - nuisance.shift;
  const down = random.int(2 * nuisance.shift + 1) - nuisance.shift;
  const sigma = random.range(0, nuisance.blur);
  const exponent = (1 + nuisance.gamma) ** random.range(-1, 1);
  const gain = 1 + random.range(-nuisance.gain, nuisance.gain);
  const deviation = random.range(0, nuisance.noise);
  const moved = blurred(movedBy(image, size, right, down), size, sigma);
  for (let at = 0; at < image.length; at++) {
    const value = 255 * gain * ((moved[at] as number) / 255) ** exponent;
    const taken = Math.round(value + deviation * random.normal());
    image[at] = Math.max(0, Math.min(255, taken));
  }
}

function movedBy(image: Uint8Array, size: number, right: number, down: number): Float64Array {
  const result = new Float64Array(image.length);
  for (let y = 0; y < size; y++) {
    const row = mirrored(y - down, size) * size;
    for (let x = 0; x < size; x++) {
      const from = 3 * (row + mirrored(x - right, size));
      const to = 3 * (y * size + x);
      for (let band = 0; band < 3; band++) result[to + band] = image[from + band] as number;
    }
  }
  return result;
}

/** Gaussian filter of rows, then of columns, cut at 3 deviations. */
function blurred(image: Float64Array, size: number, sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  if (radius === 0) return image;
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const weight = (k: number) => (weights[k + radius] as number) / sum;
  const along = (from: Float64Array, across: boolean) => {
    const result = new Float64Array(from.length);
    for (let line = 0; line < size; line++) {
      for (let at = 0; at < size; at++) {
        const to = 3 * (across ? line * size + at : at * size + line);
        for (let k = -radius; k <= radius; k++) {
          const near = mirrored(at + k, size);
          const source = 3 * (across ? line * size + near : near * size + line);
          for (let band = 0; band < 3; band++)
            result[to + band] =
              (result[to + band] as number) + weight(k) * (from[source + band] as number);
        }
      }
    }
    return result;
  };
  return along(along(image, true), false);
}

function mirrored(at: number, length: number): number {
  const period = 2 * length;
  const within = ((at % period) + period) % period;
  return within < length ? within : period - 1 - within;
}

/** The generator that draws image `index`'s nuisance, apart from all else that is drawn. */
export const nuisanceRandom = (seed: number, split: string, index: number, noisy: boolean) =>
  Random.from(seed).split('nuisance', split, index, noisy ? 1 : 0);
