import { createRaster, type Raster } from '@noisy-pairs/imaging';
import { isTiff } from '../headers/image-header.ts';
import { openPngTile } from './png-tile.ts';
import { rgbOf } from './rgb-of-samples.ts';
import { createBlockCache, type BlockCache } from '../tiff/block-cache.ts';
import { openTiff } from '../tiff/tiff.ts';
import type { Window } from '../window.ts';

/** An image, PNG or GeoTIFF, as RGB of 8 bits. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  /**
   * RGB; black where the file's tag of nodata, its mask or its alpha says that there is nothing, as
   * PNGs of xBD have it. The caller's.
   * @param window default: the whole image
   * @throws `PATH: ...` for a window outside, or values that are not whole numbers in 0..255
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
  const { width, height, samples, nodata, alpha } = tiff.structure;
  const colours = Array.from({ length: samples }, (_, i) => i).filter((band) => band !== alpha);
  if (colours.length < 3)
    throw new Error(`${path}: expected three bands or more, got ${colours.length}`);
  // A value that pixels may have is nodata only where all bands have it.
  const comparesAll = nodata !== null && nodata > 0 && nodata <= 255;
  const bands = comparesAll ? colours : colours.slice(0, 3);
  const read = alpha === undefined ? bands : [...bands, alpha];
  return {
    width,
    height,
    async read(window = { x: 0, y: 0, width, height }) {
      // Samples as they are, whatever the photometric tag says: some files, as those of xBD, call
      // themselves MinIsBlack with extra samples.
      const values = await tiff.read(window, read);
      const pixels = {
        values,
        colours: bands.length,
        hasAlpha: alpha !== undefined,
        nodata,
        mask: await tiff.readMask(window),
      };
      return createRaster(window.width, window.height, 3, rgbOf(pixels, path));
    },
  };
}
