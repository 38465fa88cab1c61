import type { Spans } from './layout/cells.ts';
import type { CellLevels } from './layout/drawn-levels.ts';
import type { Walk } from './paint.ts';

/** The texture's walk of each cell; undefined for a cell that is left as it is. */
export type CellWalks = readonly (Walk | undefined)[];

/** Grey value of a texture -> grey value of the image, 256 entries a cell. */
export type CellTables = Uint8Array;

/** Those that change nothing. */
export const sameTables = (cells: number): CellTables =>
  Uint8Array.from({ length: 256 * cells }, (_, i) => i % 256);

/**
 * Brings every cell to the mean and deviation that were drawn for it, so that these tell nothing of
 * its texture. What leaves 0..255 is cut.
 * @returns a function that fills the tables of the cells that have a walk through a grey texture; a
 *   cell of one grey value becomes the mean
 */
export function cellLeveller(
  size: number,
  cells: number,
): (spans: Spans, walks: CellWalks, levels: CellLevels, tables: CellTables) => void {
  const moments: Moments = {
    counts: new Float64Array(cells),
    sums: new Float64Array(cells),
    squares: new Float64Array(cells),
  };
  return (spans, walks, { means, deviations }, tables) => {
    measureCells(spans, walks, size, moments);
    for (let cell = 0; cell < cells; cell++) {
      const count = moments.counts[cell] as number;
      if (count === 0) continue;
      const mean = (moments.sums[cell] as number) / count;
      const variance = (moments.squares[cell] as number) / count - mean * mean;
      const gain = variance > 1e-9 ? (deviations[cell] as number) / Math.sqrt(variance) : 0;
      for (let value = 0; value < 256; value++) {
        const level = Math.round((means[cell] as number) + gain * (value - mean));
        tables[256 * cell + value] = Math.max(0, Math.min(255, level));
      }
    }
  };
}

/** Of each cell: pixels, sum of their grey values, sum of the squares. */
interface Moments {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function measureCells(
  { count, starts, cells }: Spans,
  walks: CellWalks,
  size: number,
  { counts, sums, squares }: Moments,
): void {
  for (const totals of [counts, sums, squares]) totals.fill(0);
  for (let k = 0; k < count; k++) {
    const cell = cells[k] as number;
    const walk = walks[cell];
    if (walk === undefined) continue;
    const { pixels, start, right, down } = walk;
    const from = starts[k] as number;
    const length = (starts[k + 1] as number) - from;
    const y = Math.floor(from / size);
    let source = start + y * down + (from - y * size) * right;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < length; i++, source += right) {
      const value = pixels[source] as number;
      sum += value;
      square += value * value;
    }
    counts[cell] = (counts[cell] as number) + length;
    sums[cell] = (sums[cell] as number) + sum;
    squares[cell] = (squares[cell] as number) + square;
  }
}
