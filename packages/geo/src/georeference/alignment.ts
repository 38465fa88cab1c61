import type { Grid } from './grid.ts';
import type { Window } from '../window.ts';

/** Pixels that two grids may be apart and still be one. */
const tolerance = 0.05;

/**
 * The part that both images show, as a window of each, pixel on pixel.
 * @throws naming what differs: coordinate reference systems, pixel sizes, a shift by a part of a
 *   pixel, or no overlap
 */
export function commonWindow(first: Grid, second: Grid): { first: Window; second: Window } {
  requireOneScale(first, second);
  const [dx, dy] = shiftBetween(first, second);
  const x = Math.max(0, dx);
  const y = Math.max(0, dy);
  const width = Math.min(first.width, dx + second.width) - x;
  const height = Math.min(first.height, dy + second.height) - y;
  if (width < 1 || height < 1)
    throw new Error(
      `alignment: expected images that overlap, got ${first.width} x ${first.height} and ` +
        `${second.width} x ${second.height} pixels that lie ${dx} and ${dy} apart`,
    );
  return { first: { x, y, width, height }, second: { x: x - dx, y: y - dy, width, height } };
}

function requireOneScale(first: Grid, second: Grid): void {
  const [firstCrs, secondCrs] = [differing(first, second), differing(second, first)];
  if (firstCrs !== secondCrs)
    throw new Error(
      `alignment: expected one coordinate reference system, got ${firstCrs} and ${secondCrs}; ` +
        "warp one to the other's grid",
    );
  // Over the whole width the grids must stay together.
  const longest = Math.max(first.width, first.height);
  const drift = ([0, 1] as const).map(
    (axis) => Math.abs(second.resolution[axis] / first.resolution[axis] - 1) * longest,
  );
  if (drift.some((pixels) => pixels > tolerance))
    throw new Error(
      `alignment: expected pixels of one size, got ${first.resolution.join(' x ')} and ` +
        `${second.resolution.join(' x ')}; warp one to the other's grid`,
    );
}

/** Where the second grid's upper left pixel lies in the first. */
function shiftBetween(first: Grid, second: Grid): [dx: number, dy: number] {
  const x = (second.origin[0] - first.origin[0]) / first.resolution[0];
  const y = (second.origin[1] - first.origin[1]) / first.resolution[1];
  const [dx, dy] = [Math.round(x), Math.round(y)];
  if (Math.abs(x - dx) > tolerance || Math.abs(y - dy) > tolerance)
    throw new Error(
      'alignment: expected grids that are apart by whole pixels, got ' +
        `${x.toFixed(2)} and ${y.toFixed(2)}; warp one to the other's grid`,
    );
  return [dx, dy];
}

/** Keys shown of a definition that differs. */
const mostShown = 3;

/** A grid's coordinate reference system, with what its definition has and the other's has not. */
function differing({ crs, definition = [] }: Grid, other: Grid): string {
  const own = definition.filter((key) => !other.definition?.includes(key));
  const shown = own.slice(0, mostShown).map((key) => key.slice(0, 100));
  const more = own.length > mostShown ? `, and ${own.length - mostShown} more` : '';
  return own.length === 0 ? crs : `${crs} (${shown.join(', ')}${more})`;
}
