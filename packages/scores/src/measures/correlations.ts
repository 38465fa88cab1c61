import type { Raster } from '@noisy-pairs/imaging';
import type { CellMap } from './cell-map.ts';
import { greyOf, type Plane } from './plane.ts';

/** Edge of a cell in pixels. */
export const correlationCell = 32;
const reach = 4;
const step = 2;
/** Added to norms, so that flat cells correlate with nothing. */
const floor = 1e-2;

/**
 * 1 - the best zero-mean normalised correlation of each cell of the first image with the second one
 * within +-4 pixels, every second of them: 0 the same content, 1 nothing in common, at most 2.
 * @throws if a side is below 32 pixels, or the sizes differ
 */
export function correlationDistances(first: Raster, second: Raster): CellMap {
  const { width, height } = first;
  if (width < correlationCell || height < correlationCell)
    throw new Error(
      `NCC: expected ${correlationCell} x ${correlationCell} pixels or more, got ` +
        `${width} x ${height}`,
    );
  if (second.width !== width || second.height !== height)
    throw new Error(
      `NCC: expected images of one size, got ${width} x ${height} and ` +
        `${second.width} x ${second.height}`,
    );
  const rows = Math.floor(height / correlationCell);
  const columns = Math.floor(width / correlationCell);
  const [a, b] = [greyOf(first), greyOf(second)];
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = centredCell(a, column * correlationCell, row * correlationCell);
      values[row * columns + column] = 1 - bestCorrelation(cell, b);
    }
  }
  return { rows, columns, cell: correlationCell, values };
}

/** A cell less its mean. */
interface CentredCell {
  readonly x: number;
  readonly y: number;
  readonly values: Float64Array;
  readonly norm: number;
}

function centredCell({ width, values }: Plane, x: number, y: number): CentredCell {
  const own = new Float64Array(correlationCell ** 2);
  let sum = 0;
  for (let row = 0, at = 0; row < correlationCell; row++) {
    const from = (y + row) * width + x;
    for (let column = 0; column < correlationCell; column++, at++) {
      own[at] = values[from + column] as number;
      sum += own[at] as number;
    }
  }
  const mean = sum / own.length;
  let squares = 0;
  for (let at = 0; at < own.length; at++) {
    const centred = (own[at] as number) - mean;
    own[at] = centred;
    squares += centred * centred;
  }
  return { x, y, values: own, norm: Math.sqrt(squares) };
}

function bestCorrelation(cell: CentredCell, { width, height, values }: Plane): number {
  let best = -1;
  for (let y = cell.y - reach; y <= cell.y + reach; y += step) {
    if (y < 0 || y + correlationCell > height) continue;
    for (let x = cell.x - reach; x <= cell.x + reach; x += step) {
      if (x < 0 || x + correlationCell > width) continue;
      best = Math.max(best, correlation(cell, values, y * width + x, width));
    }
  }
  return best;
}

/** @param start of the window in `values`, whose rows are `stride` apart */
function correlation(cell: CentredCell, values: Float64Array, start: number, stride: number) {
  let [sum, squares, products] = [0, 0, 0];
  for (let row = 0, at = 0; row < correlationCell; row++) {
    const from = start + row * stride;
    for (let column = 0; column < correlationCell; column++, at++) {
      const value = values[from + column] as number;
      sum += value;
      squares += value * value;
      products += value * (cell.values[at] as number);
    }
  }
  // The cell's mean is 0, so the window's need not be taken off the products.
  const spread = Math.max(0, squares - (sum * sum) / cell.values.length);
  return products / ((cell.norm + floor) * (Math.sqrt(spread) + floor));
}
