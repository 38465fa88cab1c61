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
  const down = new Float64Array(values.length);
  const result = new Float64Array(values.length);
  // Down the columns, whole rows at a time.
  for (let y = 0; y < height; y++) {
    const rows = around(y, height).map((row) => values.subarray(row * width, (row + 1) * width));
    weigh(rows, down.subarray(y * width, (y + 1) * width));
  }
  // Along each row, mirrored into a longer one of which nine parts lie beside each other.
  const row = new Float64Array(width + 2 * radius);
  const parts = Array.from({ length: 2 * radius + 1 }, (_, k) => row.subarray(k, k + width));
  for (let y = 0; y < height; y++) {
    const at = y * width;
    row.set(down.subarray(at, at + width), radius);
    for (let k = 1; k <= radius; k++) {
      row[radius - k] = down[at + mirrored(-k, width)] as number;
      row[radius + width - 1 + k] = down[at + mirrored(width - 1 + k, width)] as number;
    }
    weigh(parts, result.subarray(at, at + width));
  }
  return { width, height, values: result };
}

/** Indices at - 4 .. at + 4, mirrored. */
const around = (at: number, length: number) =>
  Array.from({ length: 2 * radius + 1 }, (_, k) => mirrored(at + k - radius, length));

/** Weighs nine lines of values by their distance from the fifth. */
function weigh(lines: readonly Float64Array[], into: Float64Array): void {
  const [w0, w1, w2, w3, w4] = weights;
  const [a, b, c, d, e, f, g, h, i] = lines as Nine;
  for (let x = 0; x < into.length; x++)
    into[x] =
      w0 * (e[x] as number) +
      w1 * ((d[x] as number) + (f[x] as number)) +
      w2 * ((c[x] as number) + (g[x] as number)) +
      w3 * ((b[x] as number) + (h[x] as number)) +
      w4 * ((a[x] as number) + (i[x] as number));
}

type Line = Float64Array;
type Nine = [Line, Line, Line, Line, Line, Line, Line, Line, Line];

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
