import type { Random } from '@noisy-pairs/imaging';

/** Cells of two grids that show the same places. */
export interface MatchingPoints {
  /** [B * P] int32: rows of the query's and the key's pixels, image by image, row by row. */
  readonly queryCells: Int32Array;
  readonly keyCells: Int32Array;
  /**
   * [B * P] 1, or 0 for all points of an image whose views do not overlap: their cells are drawn at
   * random and match nothing.
   */
  readonly pointWeights: Float32Array;
}

type Frame = readonly [number, number, number, number, number, number];

/** The rectangle of a view in its image; views lie straight, whatever their turns and flips. */
function rectangle([a, b, c, d, e, f]: Frame): { x: [number, number]; y: [number, number] } {
  const [u, v] = [a + b + c, d + e + f];
  return { x: [Math.min(c, u), Math.max(c, u)], y: [Math.min(f, v), Math.max(f, v)] };
}

/** The cell of a grid of edge^2 that a point of the image falls into, by the view's frame. */
function cellAt([a, b, c, d, e, f]: Frame, edge: number, x: number, y: number): number {
  const determinant = a * e - b * d;
  const u = (e * (x - c) - b * (y - f)) / determinant,
    v = (a * (y - f) - d * (x - c)) / determinant;
  // a border point may fall out by rounding
  const cell = (t: number) => Math.min(edge - 1, Math.max(0, Math.floor(t * edge)));
  return cell(v) * edge + cell(u);
}

/**
 * Draws points evenly from where two views overlap.
 * @param query, key frames [B, 6] of the views, see viewFrames
 * @param edge of the grid of cells
 * @param points P an image
 */
export function matchingPoints(
  query: Float32Array,
  key: Float32Array,
  edge: number,
  points: number,
  random: Random,
): MatchingPoints {
  const count = query.length / 6;
  const found = {
    queryCells: new Int32Array(count * points),
    keyCells: new Int32Array(count * points),
    pointWeights: new Float32Array(count * points),
  };
  for (let i = 0; i < count; i++) {
    const [q, k] = [query, key].map(
      (frames) => Array.from(frames.subarray(6 * i, 6 * i + 6)) as unknown as Frame,
    ) as [Frame, Frame];
    const [inQ, inK] = [rectangle(q), rectangle(k)];
    const [left, right, top, bottom] = [
      Math.max(inQ.x[0], inK.x[0]),
      Math.min(inQ.x[1], inK.x[1]),
      Math.max(inQ.y[0], inK.y[0]),
      Math.min(inQ.y[1], inK.y[1]),
    ];
    const overlap = right > left && bottom > top;
    for (let p = i * points; p < (i + 1) * points; p++) {
      const draws = [
        random.uniform(),
        random.uniform(),
        random.uniform(),
        random.uniform(),
      ] as const; // as many in either case
      const x = left + draws[0] * (right - left),
        y = top + draws[1] * (bottom - top);
      const anywhere = (first: number, second: number) =>
        Math.floor(first * edge) * edge + Math.floor(second * edge);
      const offset = i * edge * edge;
      found.queryCells[p] =
        offset + (overlap ? cellAt(q, edge, x, y) : anywhere(draws[0], draws[1]));
      found.keyCells[p] = offset + (overlap ? cellAt(k, edge, x, y) : anywhere(draws[2], draws[3]));
      found.pointWeights[p] = overlap ? 1 : 0;
    }
  }
  return found;
}
