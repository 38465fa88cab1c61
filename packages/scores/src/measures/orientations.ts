import type { Raster } from '@noisy-pairs/imaging';
import type { CellMap } from './cell-map.ts';
import { blurred, eachGradient, greyOf, type Plane } from './plane.ts';

/** Edge of a cell in pixels. */
export const orientationCell = 16;
const bins = 8;
/** Added to the norm of a cell's histogram, so that a flat cell is near zero whatever its noise. */
const floor = 0.2;

/** Histograms of gradient directions, a cell each (after Dalal & Triggs 2005). */
export interface Orientations {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns, 8], each cell's over its norm + 0.2. */
  readonly values: Float64Array;
}

/**
 * Gradient magnitudes of the blurred image by direction without sign, each shared between the two
 * nearest of 8 bins.
 * @throws if a side is below 16 pixels
 */
export function orientationsOf(image: Raster): Orientations {
  const { width, height } = image;
  if (width < orientationCell || height < orientationCell)
    throw new Error(
      `HOG: expected ${orientationCell} x ${orientationCell} pixels or more, got ` +
        `${width} x ${height}`,
    );
  const rows = Math.floor(height / orientationCell);
  const columns = Math.floor(width / orientationCell);
  const values = histograms(blurred(greyOf(image)), rows, columns);
  for (let at = 0; at < values.length; at += bins) {
    let squares = 0;
    for (let bin = at; bin < at + bins; bin++) squares += (values[bin] as number) ** 2;
    const norm = Math.sqrt(squares) + floor;
    for (let bin = at; bin < at + bins; bin++) values[bin] = (values[bin] as number) / norm;
  }
  return { rows, columns, values };
}

function histograms(plane: Plane, rows: number, columns: number): Float64Array {
  const values = new Float64Array(rows * columns * bins);
  const [bottom, right] = [rows * orientationCell, columns * orientationCell];
  eachGradient(plane, (x, y, dx, dy) => {
    if (y >= bottom || x >= right || (dx === 0 && dy === 0)) return;
    const magnitude = Math.sqrt(dx * dx + dy * dy);
    const turn = turnOf(dx, dy);
    const whole = turn | 0;
    const upper = magnitude * (turn - whole);
    const cell = ((y >> 4) * columns + (x >> 4)) * bins;
    const low = cell + (whole & (bins - 1));
    const high = cell + ((whole + 1) & (bins - 1));
    values[low] = (values[low] as number) + magnitude - upper;
    values[high] = (values[high] as number) + upper;
  });
  return values;
}

/** Ratios 0..1 at which the arc tangent is known, and its Taylor series there, in eighths of pi. */
const knots = 1024;
const knot = (of: (ratio: number) => number) =>
  Float64Array.from({ length: knots + 1 }, (_, i) => (of(i / knots) / Math.PI) * bins);
const angles = knot(Math.atan);
const slopes = knot((u) => 1 / (1 + u * u) / knots);
const bends = knot((u) => -u / (1 + u * u) ** 2 / knots ** 2);

/** Direction without sign in eighths of pi, 0..8: atan2 a few times as fast, to 1e-10. */
function turnOf(dx: number, dy: number): number {
  const [a, b] = [Math.abs(dx), Math.abs(dy)];
  const place = (Math.min(a, b) / Math.max(a, b)) * knots;
  const nearest = (place + 0.5) | 0;
  const rest = place - nearest;
  const bend = (slopes[nearest] as number) + rest * (bends[nearest] as number);
  let turn = (angles[nearest] as number) + rest * bend;
  if (b > a) turn = 4 - turn;
  return dx < 0 !== dy < 0 ? 8 - turn : turn;
}

/** Distance of each cell's histograms, 0 to the square root of 2. */
export function orientationDistances(first: Orientations, second: Orientations): CellMap {
  const { rows, columns } = first;
  const values = new Float64Array(rows * columns);
  for (let cell = 0; cell < values.length; cell++) {
    let squares = 0;
    for (let at = cell * bins; at < (cell + 1) * bins; at++)
      squares += ((first.values[at] as number) - (second.values[at] as number)) ** 2;
    values[cell] = Math.sqrt(squares);
  }
  return { rows, columns, cell: orientationCell, values };
}
