import type { Raster } from '@noisy-pairs/imaging';

/** Grey values of an image, height x width, 0..1. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

const weighted = (weight: number) =>
  Float64Array.from({ length: 256 }, (_, i) => (i / 255) * weight);
const [red601, green601, blue601] = [weighted(0.299), weighted(0.587), weighted(0.114)];

/** Luma of ITU-R BT.601; a grey image is three equal bands. */
export function greyOf({ width, height, channels, data }: Raster): Plane {
  const values = new Float64Array(width * height);
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  for (let i = 0, at = 0; i < values.length; i++, at += channels)
    values[i] =
      (red601[data[at] as number] as number) +
      (green601[data[at + green] as number] as number) +
      (blue601[data[at + blue] as number] as number);
  return { width, height, values };
}

const radius = 4;
const weights = gaussianWeights();

/** From the middle outwards. */
function gaussianWeights(): readonly [number, number, number, number, number] {
  const value = (k: number) => Math.exp(-(k * k) / 2);
  const sum = 1 + 2 * (value(1) + value(2) + value(3) + value(4));
  return [1 / sum, value(1) / sum, value(2) / sum, value(3) / sum, value(4) / sum];
}

/** Gaussian filter of sigma 1, cut at 4 px; beyond its edges the image is mirrored (dcba|abcd). */
export function blurred({ width, height, values }: Plane): Plane {
  const result = new Float64Array(values.length);
  const row = new Float64Array(width + 2 * radius);
  const [w0, w1, w2, w3, w4] = weights;
  for (let y = 0; y < height; y++) {
    blurDown(values, rowsAround(y, width, height), row);
    for (let k = 1; k <= radius; k++) {
      row[radius - k] = row[radius + mirrored(-k, width)] as number;
      row[radius + width - 1 + k] = row[radius + mirrored(width - 1 + k, width)] as number;
    }
    // along the row
    for (let x = 0, at = y * width; x < width; x++, at++)
      result[at] =
        w0 * (row[x + 4] as number) +
        w1 * ((row[x + 3] as number) + (row[x + 5] as number)) +
        w2 * ((row[x + 2] as number) + (row[x + 6] as number)) +
        w3 * ((row[x + 1] as number) + (row[x + 7] as number)) +
        w4 * ((row[x] as number) + (row[x + 8] as number));
  }
  return { width, height, values: result };
}

/** Where the nine rows around one begin, mirrored. */
const rowsAround = (y: number, width: number, height: number) =>
  Array.from({ length: 2 * radius + 1 }, (_, k) => mirrored(y + k - radius, height) * width);

/** Weighs nine rows by their distance from the fifth, into the middle of a longer one. */
function blurDown(values: Float64Array, rows: readonly number[], into: Float64Array): void {
  const [w0, w1, w2, w3, w4] = weights;
  const [a, b, c, d, e, f, g, h, i] = rows as Nine;
  for (let x = 0; x < into.length - 2 * radius; x++)
    into[x + radius] =
      w0 * (values[e + x] as number) +
      w1 * ((values[d + x] as number) + (values[f + x] as number)) +
      w2 * ((values[c + x] as number) + (values[g + x] as number)) +
      w3 * ((values[b + x] as number) + (values[h + x] as number)) +
      w4 * ((values[a + x] as number) + (values[i + x] as number));
}

type Nine = [number, number, number, number, number, number, number, number, number];

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
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    const at = y * width;
    const rise = below - above === width ? 1 : 0.5;
    const downAt = (x: number) =>
      rise * ((values[below + x] as number) - (values[above + x] as number));
    visit(0, y, (values[at + 1] as number) - (values[at] as number), downAt(0));
    for (let x = 1; x < width - 1; x++) {
      const across = (values[at + x + 1] as number) - (values[at + x - 1] as number);
      visit(x, y, across / 2, downAt(x));
    }
    const last = width - 1;
    visit(last, y, (values[at + last] as number) - (values[at + last - 1] as number), downAt(last));
  }
}
