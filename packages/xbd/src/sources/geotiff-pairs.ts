import {
  commonWindow,
  createBlockCache,
  gridOf,
  openTiff,
  type Grid,
  type Window,
} from '@noisy-pairs/geo';
import { Random } from '@noisy-pairs/imaging';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { pairSpec, type TilePair } from './pair-source.ts';

export interface GeotiffPairsOptions {
  /**
   * Paths of two GeoTIFFs each, of one place at two times; three bands or more of values 0..255.
   */
  readonly files: readonly (readonly [first: string, second: string])[];
  /** Edge of the crops in pixels. */
  readonly size: number;
  /** Default = size. */
  readonly stride?: number;
  /** Draws the order. */
  readonly seed: number;
  readonly cacheBytes?: number;
}

/**
 * Pairs of any georeferenced imagery: crops of the ground that both images show, pixel on pixel,
 * whatever changed there. To be mixed with noisyShare 0, as nobody knows which are noisy.
 * @throws naming the files, if their grids do not fit (see commonWindow) or share less than a crop
 */
export async function geotiffPairs({
  files,
  size,
  stride = size,
  seed,
  cacheBytes = 2 ** 28,
}: GeotiffPairsOptions): Promise<SourceSpec> {
  const tiles: TilePair[] = [];
  const crops: [tile: number, x: number, y: number][] = [];
  for (const [first, second] of files) {
    const common = await commonGround(first, second, size);
    const { x, y, width, height } = common.first;
    const tile = tiles.push({ first, second, x: common.second.x - x, y: common.second.y - y }) - 1;
    for (let row = y; row + size <= y + height; row += stride)
      for (let column = x; column + size <= x + width; column += stride)
        crops.push([tile, column, row]);
  }
  if (crops.length === 0)
    throw new Error('GeoTIFF pairs: expected one pair of files or more, got none');
  const clean = Int32Array.from(Random.from(seed).split('geotiff crops').shuffle(crops).flat());
  return pairSpec({
    name: 'GeoTIFF pairs',
    size,
    length: crops.length,
    pairing: 'pre-post',
    cacheBytes,
    tiles,
    clean,
    noisy: undefined,
  });
}

/** The part that both files show, as a window of each. @throws if it holds no crop of `size` */
async function commonGround(
  first: string,
  second: string,
  size: number,
): Promise<{ first: Window; second: Window }> {
  const [a, b] = await Promise.all([readGrid(first), readGrid(second)]);
  let common: ReturnType<typeof commonWindow>;
  try {
    common = commonWindow(a, b);
  } catch (error) {
    throw new Error(`${first} and ${second}: ${(error as Error).message}`, { cause: error });
  }
  const { width, height } = common.first;
  if (width < size || height < size)
    throw new Error(
      `${first} and ${second}: expected ${size} x ${size} pixels in common, got ${width} x ` +
        `${height}`,
    );
  return common;
}

async function readGrid(path: string): Promise<Grid> {
  return gridOf(await openTiff(path, createBlockCache(0)), path);
}
