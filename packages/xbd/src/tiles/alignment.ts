import type { Tiff } from './tiff/tiff.ts';
import type { Window } from './window.ts';

/** Where a GeoTIFF's pixels lie: north up, x to the east and y to the south. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** EPSG:32615, or what the file says of its coordinate reference system. */
  readonly crs: string;
  /** Position of the upper left pixel's outer corner. */
  readonly origin: readonly [number, number];
  /** Size of a pixel; the second number is negative. */
  readonly resolution: readonly [number, number];
}

/** Pixels that two grids may be apart and still be one. */
const tolerance = 0.05;

/** @throws if the file has no geotransform, is rotated, or names no coordinate reference system */
export function gridOf({ image, structure: { width, height } }: Tiff, name: string): Grid {
  const directory = image.fileDirectory;
  const transformation = directory.hasTag('ModelTransformation')
    ? (directory.getValue('ModelTransformation') as ArrayLike<number>)
    : undefined;
  if (transformation && (transformation[1] !== 0 || transformation[4] !== 0))
    throw new Error(
      `${name}: expected an image with north up, got one that is rotated; warp it first`,
    );
  const { origin, resolution } = geotransformOf(image, name);
  return { width, height, crs: crsOf(image, name), origin, resolution };
}

function geotransformOf(image: Tiff['image'], name: string): Pick<Grid, 'origin' | 'resolution'> {
  try {
    const [x, y] = image.getOrigin() as [number, number];
    const [dx, dy] = image.getResolution() as [number, number];
    return { origin: [x, y], resolution: [dx, dy] };
  } catch (error) {
    throw new Error(`${name}: expected a geotransform, got none`, { cause: error });
  }
}

function crsOf(image: Tiff['image'], name: string): string {
  const keys = image.getGeoKeys() as Partial<Record<string, unknown>> | null;
  const code = keys?.['ProjectedCSTypeGeoKey'] ?? keys?.['GeographicTypeGeoKey'];
  const citation = keys?.['GTCitationGeoKey'] ?? keys?.['GeogCitationGeoKey'];
  if (code === undefined && citation === undefined)
    throw new Error(`${name}: expected a coordinate reference system, got none`);
  const userDefined = 32767;
  return typeof code === 'number' && code !== userDefined
    ? `EPSG:${code}`
    : String(citation ?? code);
}

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
  if (first.crs !== second.crs)
    throw new Error(
      `alignment: expected one coordinate reference system, got ${first.crs} and ` +
        `${second.crs}; warp one to the other's grid`,
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
