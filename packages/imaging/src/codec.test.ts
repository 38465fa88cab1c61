import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Channels } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, encodeJpeg, encodePng, readImage, writePng } from './codec.ts';
import { createRaster } from './raster.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaging-'));
});
afterAll(() => rm(folder, { recursive: true }));

const raw = (data: Uint8Array | Uint16Array, channels: Channels, width = 2) =>
  sharp(data, { raw: { width, height: data.length / channels / width, channels } });
/** A 2 x 2 TIFF of 32-bit floats: header, one directory of 9 entries, pixels. */
function floatTiff(): Uint8Array {
  const file = Buffer.alloc(8 + 2 + 9 * 12 + 4 + 16);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(9, 8);
  // tag, value: width, height, bits, compression, black is zero, offset, samples, bytes, IEEE
  // floats
  [
    [256, 2],
    [257, 2],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 122],
    [277, 1],
    [279, 16],
    [339, 3],
  ].forEach(([tag = 0, value = 0], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}

describe('decodeImage', () => {
  it.each([1, 3, 4] as const)('gives back the pixels of a PNG of %i channels', async (channels) => {
    const raster = createRaster(
      5,
      3,
      channels,
      Uint8Array.from({ length: 15 * channels }, (_, i) => (i * 37) % 256),
    );
    expect(await decodeImage(await encodePng(raster))).toEqual(raster);
  });

  it('keeps class ids 0..255 of a mask', async () => {
    const mask = createRaster(
      16,
      16,
      1,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    expect((await decodeImage(await encodePng(mask))).data).toEqual(mask.data);
  });

  it('divides 16 bits by 257, grey and colour', async () => {
    const grey = await raw(Uint16Array.of(0, 257, 32_896, 65_535), 1)
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await decodeImage(grey)).toEqual(createRaster(2, 2, 1, Uint8Array.of(0, 1, 128, 255)));
    const colour = await raw(
      Uint16Array.from({ length: 12 }, (_, i) => i * 20 * 257),
      3,
    )
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect(await decodeImage(colour)).toEqual(
      createRaster(
        2,
        2,
        3,
        Uint8Array.from({ length: 12 }, (_, i) => i * 20),
      ),
    );
  });

  it('makes RGB of a palette', async () => {
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const file = await raw(pixels, 3).png({ palette: true, colours: 4, dither: 0 }).toBuffer();
    expect((await sharp(file).metadata()).isPalette).toBe(true);
    expect(await decodeImage(file)).toEqual(createRaster(2, 2, 3, pixels));
  });

  it('makes RGB of CMYK', async () => {
    const { channels, data } = await decodeImage(
      await raw(new Uint8Array(12).fill(120), 3).toColourspace('cmyk').jpeg().toBuffer(),
    );
    expect(channels).toBe(3);
    for (const value of data) expect(Math.abs(value - 120)).toBeLessThan(15);
  });

  it('keeps alpha, and the colours under it', async () => {
    const pixels = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 128, 7, 8, 9, 255, 10, 11, 12, 1);
    expect(await decodeImage(await raw(pixels, 4).png().toBuffer())).toEqual(
      createRaster(2, 2, 4, pixels),
    );
    const grey = await raw(Uint8Array.of(10, 0, 20, 128), 2)
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(await decodeImage(grey)).toEqual(
      createRaster(2, 1, 4, Uint8Array.of(10, 10, 10, 0, 20, 20, 20, 128)),
    );
  });

  it('takes stored values as they are, whatever profile and orientation are claimed', async () => {
    const pixels = Uint8Array.of(0, 40, 80, 255, 130, 7);
    const file = await raw(pixels, 3)
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    expect(await decodeImage(file)).toEqual(createRaster(2, 1, 3, new Uint8Array(stored)));
  });

  // Found by damaging files: libvips looks at warnings before each strip, so not behind the last.
  it('refuses a JPEG with an unknown marker in its last rows, or without its end', async () => {
    const jpeg = await encodeJpeg(
      createRaster(
        48,
        40,
        3,
        Uint8Array.from({ length: 5760 }, (_, i) => (i * i) % 251),
      ),
    );
    expect((await decodeImage(jpeg)).width).toBe(48);
    const broken = Buffer.from(jpeg);
    broken.set([0xff, 0x08], jpeg.length - 30);
    await expect(decodeImage(broken, 'a.jpg')).rejects.toThrow(
      `a.jpg: not a readable image (a JPEG with marker 8 at byte ${jpeg.length - 30}, which none ` +
        'has there)',
    );
    const endless = jpeg.slice(0, -2);
    await expect(decodeImage(endless, 'a.jpg')).rejects.toThrow('a.jpg: not a readable image (');
    const more = Buffer.concat([jpeg, Buffer.of(0xff, 0x08)]);
    expect((await decodeImage(more)).width).toBe(48);
  });

  it('reads a JPEG nearly as it was', async () => {
    const smooth = createRaster(
      32,
      32,
      3,
      Uint8Array.from({ length: 3072 }, (_, i) => 100 + 50 * Math.sin(i / 300)),
    );
    const { data } = await decodeImage(await encodeJpeg(smooth, 95));
    data.forEach((value, i) => {
      expect(Math.abs(value - (smooth.data[i] ?? 0))).toBeLessThan(8);
    });
  });

  it('refuses files that are cut off, wherever', async () => {
    const noise = createRaster(
      100,
      100,
      3,
      Uint8Array.from({ length: 30_000 }, (_, i) => (i * i * 7919) % 251),
    );
    for (const file of [await encodePng(noise), await encodeJpeg(noise)]) {
      for (const share of [0.001, 0.02, 0.3, 0.7, 0.9]) {
        await expect(
          decodeImage(file.subarray(0, Math.floor(share * file.length)), 'half.img'),
        ).rejects.toThrow(/^half\.img: not a readable image \(.+\)$/);
      }
    }
  });

  it('refuses a PNG with a wrong byte, an empty file, text and floats', async () => {
    const file = Buffer.from(await encodePng(createRaster(50, 50, 3)));
    file.writeUInt8(file.readUInt8(file.length >> 1) ^ 0xff, file.length >> 1);
    for (const bytes of [file, new Uint8Array(0), Buffer.from('no image')])
      await expect(decodeImage(bytes, 'x')).rejects.toThrow(/^x: not a readable image \(.+\)$/);
    await expect(decodeImage(floatTiff(), 'x')).rejects.toThrow(
      'x: not a readable image (expected 8 or 16 bits a channel, got float)',
    );
  });
});

describe('files', () => {
  it('are written whole and read back', async () => {
    const raster = createRaster(
      4,
      4,
      3,
      Uint8Array.from({ length: 48 }, (_, i) => i),
    );
    await writePng(join(folder, 'a.png'), raster);
    expect(await readImage(join(folder, 'a.png'))).toEqual(raster);
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('are named when they cannot be read', async () => {
    await expect(readImage(join(folder, 'none.png'))).rejects.toThrow('none.png');
    await writeFile(join(folder, 'bad.png'), 'PNG?');
    await expect(readImage(join(folder, 'bad.png'))).rejects.toThrow(
      /bad\.png: not a readable image/,
    );
  });

  it('have the same bytes each time', async () => {
    const raster = createRaster(
      64,
      64,
      3,
      Uint8Array.from({ length: 12_288 }, (_, i) => (i * 31) % 256),
    );
    expect(await encodePng(raster)).toEqual(await encodePng(raster));
  });
});
