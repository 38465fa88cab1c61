import { open, readFile } from 'node:fs/promises';
import { createRaster, decodeImage, toRgb, type Raster } from '@noisy-pairs/imaging';
import { fromFile } from 'geotiff';

/** A rectangle of pixels, x to the right and y down. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a window of a tile as RGB. GeoTIFF: uint8 or int16 with values 0..255 (xBD's), read by window; nodata becomes black, as xBD's PNGs have it.
 * PNG: decoded whole.
 * @throws if the window is not inside the tile, the file is no image, or a GeoTIFF has fewer than three bands or values outside 0..255.
 */
export async function readTile(path: string, window?: Window): Promise<Raster> {
  const magic = Buffer.alloc(4);
  const file = await open(path);
  try {
    await file.read(magic, 0, 4, 0);
  } finally {
    await file.close();
  }
  const isTiff = magic.equals(Buffer.from('II*\0')) || magic.equals(Buffer.from('MM\0*'));
  return isTiff ? readGeotiff(path, window) : crop(toRgb(await decodeImage(await readFile(path), path)), window, path);
}

function requireInside(window: Window, width: number, height: number, path: string): void {
  const { x, y, width: w, height: h } = window;
  if (![x, y, w, h].every(Number.isInteger) || w < 1 || h < 1 || x < 0 || y < 0 || x + w > width || y + h > height) {
    throw new Error(`${path}: expected a window inside ${width} x ${height}, got ${w} x ${h} at ${x}, ${y}`);
  }
}

async function readGeotiff(path: string, window?: Window): Promise<Raster> {
  const tiff = await fromFile(path);
  try {
    const image = await tiff.getImage();
    const [width, height] = [image.getWidth(), image.getHeight()];
    const area = window ?? { x: 0, y: 0, width, height };
    requireInside(area, width, height, path);
    const bands = image.getSamplesPerPixel();
    if (bands < 3) throw new Error(`${path}: expected three bands or more, got ${bands}`);
    // Samples as they are, not readRGB: xBD's files call themselves MinIsBlack with extra samples.
    const values = await image.readRasters({ window: [area.x, area.y, area.x + area.width, area.y + area.height], samples: [0, 1, 2], interleave: true });
    const nodata = image.getGDALNoData();
    const pixels = new Uint8Array(area.width * area.height * 3);
    for (let i = 0; i < pixels.length; i++) {
      const value = values[i] as number;
      if (value === nodata) continue;
      if (value < 0 || value > 255) throw new Error(`${path}: expected values 0..255${nodata === null ? '' : ` or nodata ${nodata}`}, got ${value}`);
      pixels[i] = value;
    }
    return createRaster(area.width, area.height, 3, pixels);
  } finally {
    await tiff.close();
  }
}

function crop(raster: Raster, window: Window | undefined, path: string): Raster {
  if (!window) return raster;
  requireInside(window, raster.width, raster.height, path);
  const pixels = new Uint8Array(window.width * window.height * 3);
  for (let row = 0; row < window.height; row++) {
    const from = ((window.y + row) * raster.width + window.x) * 3;
    pixels.set(raster.data.subarray(from, from + window.width * 3), row * window.width * 3);
  }
  return createRaster(window.width, window.height, 3, pixels);
}
