import { stat } from 'node:fs/promises';
import {
  createRaster,
  decodeImage,
  readRegularFile,
  toRgb,
  type Raster,
} from '@noisy-pairs/imaging';
import { readImageHeader } from '../headers/image-header.ts';
import type { BlockCache } from '../tiff/block-cache.ts';
import type { Samples } from '../tiff/samples.ts';
import { requireInside, type Window } from '../window.ts';

/** A PNG is decoded whole, and bounded as a TIFF's blocks are. */
const mostBytes = 2 ** 28;

/** @throws as openTile */
export async function openPngTile(path: string, cache: BlockCache) {
  const { width, height } = await readImageHeader(path);
  if (width * height * 3 > mostBytes)
    throw new Error(
      `${path}: expected a PNG of at most ${mostBytes / 2 ** 20} MiB once decoded, got ` +
        `${Math.round((width * height * 3) / 2 ** 20)} MiB (the header says ${width} x ${height} ` +
        'pixels)',
    );
  const { mtimeMs, size } = await stat(path);
  const key = `${path} ${mtimeMs} ${size}`;
  const decode = async () => {
    const decoded = await decodeImage(await readRegularFile(path), path, width * height);
    const raster = toRgb(decoded);
    if (raster.width !== width || raster.height !== height)
      throw new Error(
        `${path}: expected ${width} x ${height} pixels as in its header, got ${raster.width} x ` +
          `${raster.height}`,
      );
    const rgb = raster.data.slice();
    if (decoded.channels === 4) blacken(rgb, decoded.data);
    return rgb;
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

/** Makes pixels black whose alpha is 0. */
function blacken(rgb: Uint8Array, rgba: Uint8Array): void {
  for (let i = 0; i < rgba.length; i += 4)
    if (rgba[i + 3] === 0) rgb.fill(0, (i / 4) * 3, (i / 4) * 3 + 3);
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
