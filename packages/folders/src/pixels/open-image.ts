import { join } from 'node:path';
import {
  openTile,
  readImageHeader,
  type BlockCache,
  type Tile,
  type Window,
} from '@noisy-pairs/geo';
import { createRaster, type Raster } from '@noisy-pairs/imaging';
import type { PixelRules } from '../index/folder-index.ts';
import { bandsOf } from './bands.ts';
import { isWide, sortOf } from './sort-of.ts';
import { openWideTiff, type WideImage, type WideSamples } from './wide-samples.ts';

type Range = readonly [dark: number, bright: number];

/**
 * Opens an image as RGB of 8 bits: grey in three equal bands, opacity dropped, 16 bits and floats
 * by the set's stretch. Pixels that hold nothing are black.
 * @param files below the root: one, or three of red, green and blue
 * @throws `PATH: ...` if it cannot be read by the rules
 */
export async function openImage(
  root: string,
  files: readonly string[],
  rules: PixelRules,
  cache: BlockCache,
): Promise<Tile> {
  const paths = files.map((file) => join(root, file));
  const [path] = paths as [string];
  if (paths.length > 1) return openBandFiles(paths, rules, cache);
  const header = await readImageHeader(path);
  const colours = header.bands - (header.hasAlpha ? 1 : 0);
  const isPlain = header.format !== 'TIFF' || (colours >= 3 && !isWide(header));
  const isAsStored = rules.bands === null && colours <= 4;
  if (isPlain && (isAsStored || colours < 3)) return openTile(path, cache);
  if (header.format !== 'TIFF') return reordered(await openTile(path, cache), rules, path);
  const range = rules.stretch?.[sortOf(header, false)];
  return pixelsOf(await openWideTiff(path, rules, cache), range, path);
}

/** A PNG or JPEG with its bands in another order. */
function reordered(tile: Tile, rules: PixelRules, path: string): Tile {
  const bands = bandsOf(3, rules, path);
  return {
    ...tile,
    async read(window) {
      const { width, height, data } = await tile.read(window);
      return createRaster(
        width,
        height,
        3,
        data.map((_, i) => data[i - (i % 3) + (bands[i % 3] as number)] as number),
      );
    },
  };
}

function pixelsOf(image: WideImage, ranges: readonly Range[] | undefined, path: string): Tile {
  const { width, height } = image;
  return {
    width,
    height,
    async read(window = { x: 0, y: 0, width, height }) {
      const bytes = toBytes(await image.read(window), ranges, path);
      return createRaster(window.width, window.height, 3, bytes);
    },
  };
}

/**
 * Values of a range become 1..255, since 0 in all bands is a pixel that holds nothing; without a
 * range they are bytes already.
 */
function toBytes(
  { values, empty }: WideSamples,
  ranges: readonly Range[] | undefined,
  path: string,
): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (empty[(i / 3) | 0]) continue;
    const value = values[i] as number;
    const range = ranges?.[i % 3];
    if (range) {
      const share = (value - range[0]) / (range[1] - range[0]);
      bytes[i] = Math.round(1 + 254 * Math.min(1, Math.max(0, share)));
    } else {
      if (!(value >= 0 && value <= 255 && Number.isInteger(value)))
        throw new Error(`${path}: expected whole values 0..255 or --stretch, got ${value}`);
      bytes[i] = value;
    }
  }
  return bytes;
}

/** Three files of a band each. */
async function openBandFiles(
  paths: readonly string[],
  rules: PixelRules,
  cache: BlockCache,
): Promise<Tile> {
  const tiles: Tile[] = [];
  for (const [band, path] of paths.entries()) {
    const header = await readImageHeader(path);
    const ranges = rules.stretch?.[sortOf(header, true)];
    const own = ranges && [ranges[band], ranges[band], ranges[band]];
    const open = header.format === 'TIFF' ? await openWideTiff(path, rules, cache) : undefined;
    tiles.push(open ? pixelsOf(open, own as Range[] | undefined, path) : await openTile(path));
  }
  const [{ width, height }] = tiles as [Tile];
  const read = async (window: Window = { x: 0, y: 0, width, height }): Promise<Raster> => {
    const bands = await Promise.all(tiles.map((tile) => tile.read(window)));
    const rgb = new Uint8Array(window.width * window.height * 3);
    for (let i = 0; i < rgb.length; i++) rgb[i] = bands[i % 3]?.data[i] as number;
    return createRaster(window.width, window.height, 3, rgb);
  };
  return { width, height, read };
}
