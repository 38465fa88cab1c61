import type { Directory } from '../tiff/header/directory.ts';
import { geoKeys, geoKeysOf, keyName, type GeoKeys } from '../tiff/header/geo-keys.ts';
import { tags } from '../tiff/header/tags.ts';
import type { Tiff } from '../tiff/tiff.ts';

/** Where a GeoTIFF's pixels lie: north up, x to the east and y to the south. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** EPSG:32615, or what the file calls its coordinate reference system. */
  readonly crs: string;
  /** All keys of one that EPSG has no number for, as `NAME = VALUE`. */
  readonly definition?: readonly string[];
  /** Position of the upper left pixel's outer corner. */
  readonly origin: readonly [number, number];
  /** Size of a pixel; the second number is negative. */
  readonly resolution: readonly [number, number];
}

/** The value of a raster type whose positions are those of the pixels' centres. */
const pixelIsPoint = 2;
/** Models of a coordinate reference system: projected, and in degrees. */
const [projectedModel, geographicModel] = [1, 2];
/** The number that stands for keys of one's own. */
const userDefined = 32767;

/**
 * @throws `NAME: ...` if the file has no geotransform, is rotated or not north up, or names no
 *   coordinate reference system
 */
export function gridOf({ directory, structure: { width, height } }: Tiff, name: string): Grid {
  const keys = geoKeysOf(directory);
  const { origin, resolution } = geotransformOf(directory, name);
  const isPoint = numberOf(keys, geoKeys.rasterType) === pixelIsPoint;
  const half = isPoint ? 0.5 : 0;
  return {
    width,
    height,
    ...crsOf(keys, name),
    origin: [origin[0] - half * resolution[0], origin[1] - half * resolution[1]],
    resolution,
  };
}

type Geotransform = Pick<Grid, 'origin' | 'resolution'>;

function geotransformOf(directory: Directory, name: string): Geotransform {
  const found = byScale(directory) ?? byMatrix(directory, name);
  if (!found) throw new Error(`${name}: expected a geotransform, got none`);
  const [dx, dy] = found.resolution;
  if (dx > 0 && dy < 0) return found;
  throw new Error(
    `${name}: expected an image with north up, x to the east and y to the south, got pixels of ` +
      `${dx} x ${dy}${dy > 0 ? ' (south up)' : ''}; flip it first`,
  );
}

/** One point that is tied to the ground, and the pixels' size. */
function byScale(directory: Directory): Geotransform | undefined {
  const [dx, dy] = Array.from(directory.numbers(tags.pixelScale) ?? []);
  const [column, row, , x, y] = Array.from(directory.numbers(tags.tiePoints) ?? []);
  if (!dx || !dy || column === undefined || row === undefined) return undefined;
  if (x === undefined || y === undefined) return undefined;
  return { origin: [x - column * dx, y + row * dy], resolution: [dx, -dy] };
}

function byMatrix(directory: Directory, name: string): Geotransform | undefined {
  const matrix = directory.numbers(tags.transformation);
  if (!matrix || matrix.length < 8) return undefined;
  const [dx, skewX, , x, skewY, dy, , y] = Array.from(matrix) as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  if (skewX !== 0 || skewY !== 0)
    throw new Error(
      `${name}: expected an image with north up, got one that is rotated; warp it first`,
    );
  return { origin: [x, y], resolution: [dx, dy] };
}

function crsOf(keys: GeoKeys, name: string): Pick<Grid, 'crs' | 'definition'> {
  const model = numberOf(keys, geoKeys.modelType);
  const projected = numberOf(keys, geoKeys.projected);
  const geographic = numberOf(keys, geoKeys.geographic);
  const code = model === geographicModel ? geographic : (projected ?? geographic);
  const citation = keys.get(geoKeys.citation) ?? keys.get(geoKeys.geographicCitation);
  if (code === undefined && citation === undefined)
    throw new Error(`${name}: expected a coordinate reference system, got none`);
  const lacksProjection = model === projectedModel && projected === undefined;
  if (code !== undefined && code !== userDefined && !lacksProjection)
    return { crs: `EPSG:${code}` };
  const definition = Array.from(keys)
    .filter(([key]) => key !== geoKeys.rasterType)
    .map(
      ([key, value]) => `${keyName(key)} = ${typeof value === 'string' ? value : value.join(' ')}`,
    );
  return { crs: `a user-defined one, ${String(citation ?? 'unnamed').slice(0, 100)}`, definition };
}

/** A key of one number. */
function numberOf(keys: GeoKeys, key: number): number | undefined {
  const value = keys.get(key);
  return typeof value === 'object' ? value[0] : undefined;
}
