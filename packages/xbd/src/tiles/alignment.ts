import type { Tiff } from './tiff/tiff.ts';
import type { Window } from './window.ts';

/** Where a GeoTIFF's pixels lie: north up, x to the east and y to the south. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** EPSG:32615, or what the file says of its coordinate reference system. */
  readonly crs: string;
  /** Of the upper left pixel's outer corner. */
  readonly origin: readonly [number, number];
  /** Of a pixel; the second is negative. */
  readonly resolution: readonly [number, number];
}

/** How far two grids may be apart and still be one, in pixels. */
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
  let origin: number[];
  let resolution: number[];
  try {
    [origin, resolution] = [image.getOrigin(), image.getResolution()];
  } catch (error) {
    throw new Error(`${name}: expected a geotransform, got none`, { cause: error });
  }
  const keys = image.getGeoKeys() as Partial<Record<string, unknown>> | null;
  const code = keys?.['ProjectedCSTypeGeoKey'] ?? keys?.['GeographicTypeGeoKey'];
  const citation = keys?.['GTCitationGeoKey'] ?? keys?.['GeogCitationGeoKey'];
  if (code === undefined && citation === undefined)
    throw new Error(`${name}: expected a coordinate reference system, got none`);
  return {
    width,
    height,
    crs: typeof code === 'number' && code !== 32767 ? `EPSG:${code}` : String(citation ?? code),
    origin: [origin[0] as number, origin[1] as number],
    resolution: [resolution[0] as number, resolution[1] as number],
  };
}

/**
 * The part that both images show, as a window of each, pixel on pixel.
 * @throws naming what differs: coordinate reference systems, pixel sizes, a shift by a part of a
 *   pixel, or no overlap
 */
export function commonWindow(first: Grid, second: Grid): { first: Window; second: Window } {
  if (first.crs !== second.crs)
    throw new Error(
      `alignment: expected one coordinate reference system, got ${first.crs} and ` +
        `${second.crs}; warp one to the other's grid`,
    );
  const [sx, sy] = first.resolution;
  // Over the whole width the grids must stay together.
  if (
    [0, 1].some(
      (axis) =>
        Math.abs((second.resolution[axis] as number) / (first.resolution[axis] as number) - 1) *
          Math.max(first.width, first.height) >
        tolerance,
    )
  ) {
    throw new Error(
      `alignment: expected pixels of one size, got ${first.resolution.join(' x ')} and ` +
        `${second.resolution.join(' x ')}; warp one to the other's grid`,
    );
  }
  const shift = [
    (second.origin[0] - first.origin[0]) / sx,
    (second.origin[1] - first.origin[1]) / sy,
  ] as const;
  const [dx, dy] = shift.map(Math.round) as [number, number];
  if (Math.abs(shift[0] - dx) > tolerance || Math.abs(shift[1] - dy) > tolerance)
    throw new Error(
      'alignment: expected grids that are apart by whole pixels, got ' +
        `${shift.map((v) => v.toFixed(2)).join(' and ')}; warp one to the other's grid`,
    );
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
