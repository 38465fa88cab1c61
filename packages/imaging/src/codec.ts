import sharp from 'sharp';
import { writeFileAtomic } from './atomic-file.ts';
import { checkJpegScans } from './jpeg-markers.ts';
import { createRaster, type Raster } from './raster.ts';
import { readRegularFile } from './regular-file.ts';

/**
 * Decodes PNG, JPEG, or whatever else libvips reads, to 8 bits: one channel stays one, palettes and
 * CMYK become RGB, grey with alpha becomes RGBA, 16 bits are divided by 257. Stored values are
 * taken as they are: no colour profile, no EXIF rotation.
 * @param name what errors call it, e.g. its path
 * @param mostPixels by its header, before any are decoded; default 128 Mi
 * @throws `NAME: not a readable image (...)`, also when the file is cut off or its checksums fail,
 *   holds floats, or more than `mostPixels`.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name = 'image',
  mostPixels = 2 ** 27,
): Promise<Raster> {
  try {
    // 'warning' includes 'truncated': libjpeg only warns of a corrupt stream, and a half file must
    // not come back as a half grey picture.
    const image = sharp(bytes, { failOn: 'warning', ignoreIcc: true });
    const { width, height, channels, depth } = await image.metadata();
    if (depth !== 'uchar' && depth !== 'ushort')
      throw new Error(`expected 8 or 16 bits a channel, got ${depth}`);
    if (width * height > mostPixels)
      throw new Error(`expected at most ${mostPixels} pixels, got ${width} x ${height}`);
    const { data, info } = await image
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    checkJpegScans(bytes);
    if (info.channels === 2) throw new Error('expected 1, 3 or 4 channels, got 2');
    return createRaster(
      info.width,
      info.height,
      info.channels,
      new Uint8Array(data.buffer, data.byteOffset, data.length),
    );
  } catch (error) {
    throw new Error(
      `${name}: not a readable image (${(error as Error).message.split('\n')[0] ?? ''})`,
      { cause: error },
    );
  }
}

/** @throws if the file is missing, unreadable or no image; the message names the path. */
export async function readImage(path: string): Promise<Raster> {
  return decodeImage(await readRegularFile(path), path);
}

/** Lossless; one channel becomes 8-bit grey. Level 0 (stored) to 9 (smallest). */
export async function encodePng(raster: Raster, level = 6): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  const image = sharp(data, { raw: { width, height, channels } });
  return (channels === 1 ? image.toColourspace('b-w') : image)
    .png({ compressionLevel: level })
    .toBuffer();
}

/** Quality 1..100, chroma not subsampled. */
export async function encodeJpeg(raster: Raster, quality = 90): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  return sharp(data, { raw: { width, height, channels } })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** Writes under a temporary name, then renames: the file is whole or absent. */
export async function writePng(path: string, raster: Raster, level = 6): Promise<void> {
  await writeFileAtomic(path, await encodePng(raster, level));
}
