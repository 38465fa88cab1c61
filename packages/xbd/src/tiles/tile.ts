import { readFile, stat } from 'node:fs/promises';
import { createRaster, decodeImage, toRgb, type Raster } from '@noisy-pairs/imaging';
import { isTiff, readImageHeader } from './image-header.ts';
import { createBlockCache, type BlockCache } from './tiff/block-cache.ts';
import type { Samples } from './tiff/samples.ts';
import { openTiff } from './tiff/tiff.ts';
import { requireInside, type Window } from './window.ts';

/** An image, PNG or GeoTIFF, as RGB of 8 bits. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  /**
   * RGB; nodata by the file's tag is black, as PNGs have it. The caller's.
   * @param window default: the whole image
   * @throws `PATH: ...` for a window outside, or values that are not 0..255
   */
  read(window?: Window): Promise<Raster>;
}

/**
 * Opens a tile. GeoTIFF: any layout and compression of three bands or more of whole numbers 0..255,
 * read by window, decoded blocks kept in the cache. PNG: decoded whole, once as long as the cache
 * holds it.
 * @throws `PATH: ...` if it is no image, is cut off, or has too few bands
 */
export async function openTile(
  path: string,
  cache: BlockCache = createBlockCache(0),
): Promise<Tile> {
  return (await isTiff(path)) ? openGeotiffTile(path, cache) : openPngTile(path, cache);
}

/** Reads a window of a tile, opened for it alone. @throws as openTile and Tile.read */
export async function readTile(path: string, window?: Window): Promise<Raster> {
  return (await openTile(path)).read(window);
}

async function openGeotiffTile(path: string, cache: BlockCache): Promise<Tile> {
  const tiff = await openTiff(path, cache);
  const { width, height, samples, nodata } = tiff.structure;
  if (samples < 3) throw new Error(`${path}: expected three bands or more, got ${samples}`);
  return {
    width,
    height,
    async read(window = { x: 0, y: 0, width, height }) {
      // Samples as they are, whatever the photometric tag says: some files, as those of xBD, call
      // themselves MinIsBlack with extra samples.
      const values = await tiff.read(window, [0, 1, 2]);
      return createRaster(window.width, window.height, 3, toBytes(values, nodata, path));
    },
  };
}

/** @throws at the first value that is neither 0..255 nor nodata */
function toBytes(values: Samples, nodata: number | null, path: string): Uint8Array {
  if (values instanceof Uint8Array && (nodata === null || nodata === 0)) return values;
  const bytes = new Uint8Array(values.length);
  const skip = nodata ?? -1;
  for (let i = 0; i < bytes.length; i++) {
    const value = values[i] as number;
    if (value === skip && nodata !== null) continue;
    if (!(value >= 0 && value <= 255)) {
      const expected = nodata === null ? '0..255' : `0..255 or nodata ${nodata}`;
      throw new Error(`${path}: expected values ${expected}, got ${value}`);
    }
    bytes[i] = value;
  }
  return bytes;
}

async function openPngTile(path: string, cache: BlockCache): Promise<Tile> {
  const { width, height } = await readImageHeader(path);
  const { mtimeMs, size } = await stat(path);
  const key = `${path} ${mtimeMs} ${size}`;
  const decode = async () => {
    const raster = toRgb(await decodeImage(await readFile(path), path));
    if (raster.width !== width || raster.height !== height)
      throw new Error(
        `${path}: expected ${width} x ${height} pixels as in its header, got ${raster.width} x ` +
          `${raster.height}`,
      );
    return raster.data.slice();
  };
  return {
    width,
    height,
    async read(window = { x: 0, y: 0, width, height }) {
      requireInside(window, width, height, path);
      return cut(await cache.get(key, 0, decode), width, window);
    },
  };
}

/** A copy of the window of RGB pixels. */
function cut(data: Samples, width: number, window: Window): Raster {
  const pixels = new Uint8Array(window.width * window.height * 3);
  const rowValues = window.width * 3;
  for (let row = 0; row < window.height; row++) {
    const from = ((window.y + row) * width + window.x) * 3;
    pixels.set(data.subarray(from, from + rowValues), row * rowValues);
  }
  return createRaster(window.width, window.height, 3, pixels);
}
