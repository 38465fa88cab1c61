import type { Raster } from '@noisy-pairs/imaging';

/** Grey values of an image, height x width, 0..1. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** Luma of ITU-R BT.601; a grey image is three equal bands. */
export function greyOf({ width, height, channels, data }: Raster): Plane {
  const values = new Float64Array(width * height);
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  for (let i = 0, at = 0; i < values.length; i++, at += channels)
    values[i] =
      ((data[at] as number) / 255) * 0.299 +
      ((data[at + green] as number) / 255) * 0.587 +
      ((data[at + blue] as number) / 255) * 0.114;
  return { width, height, values };
}

const radius = 4;
const weights = gaussianWeights();

function gaussianWeights(): Float64Array {
  const values = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / 2),
  );
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** Gaussian filter of sigma 1, cut at 4 px; beyond its edges the image is mirrored (dcba|abcd). */
export function blurred({ width, height, values }: Plane): Plane {
  const down = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let k = -radius; k <= radius; k++) {
      const weight = weights[k + radius] as number;
      const from = mirrored(y + k, height) * width;
      const to = y * width;
      for (let x = 0; x < width; x++)
        down[to + x] = (down[to + x] as number) + weight * (values[from + x] as number);
    }
  }
  const result = new Float64Array(values.length);
  const row = new Float64Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const at = y * width;
    for (let x = 0; x < row.length; x++) row[x] = down[at + mirrored(x - radius, width)] as number;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k <= 2 * radius; k++) sum += (weights[k] as number) * (row[x + k] as number);
      result[at + x] = sum;
    }
  }
  return { width, height, values: result };
}

function mirrored(at: number, length: number): number {
  const period = 2 * length;
  const within = ((at % period) + period) % period;
  return within < length ? within : period - 1 - within;
}

/**
 * Visits every pixel with its gradient: central differences, one-sided ones at the edges.
 * @throws if a side is below 2 pixels
 */
export function eachGradient(
  { width, height, values }: Plane,
  visit: (x: number, y: number, dx: number, dy: number) => void,
): void {
  if (width < 2 || height < 2)
    throw new Error(`gradient: expected 2 x 2 pixels or more, got ${width} x ${height}`);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1);
    const below = Math.min(height - 1, y + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      const [across, down] = [y * width, x];
      const dx = (values[across + right] as number) - (values[across + left] as number);
      const dy =
        (values[below * width + down] as number) - (values[above * width + down] as number);
      visit(x, y, dx / (right - left), dy / (below - above));
    }
  }
}
