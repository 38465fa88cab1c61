import {
  readdirSync,
  readFileSync,
  mkdtempSync,
  writeFileSync,
  truncateSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { openTile, readTile } from '../tiles/tile.ts';
import { createBlockCache } from './block-cache.ts';
import { openTiff } from './tiff.ts';

// Written by rasterio, as tools/fixtures/geo_tiffs.py says: 45 x 37 pixels of (7 x + 13 y + 50
// band) mod 251.
const folder = fileURLToPath(new URL('../fixtures/tiff', import.meta.url));
const [width, height] = [45, 37];
const value = (x: number, y: number, band: number) => (7 * x + 13 * y + 50 * band) % 251;
const files = readdirSync(folder).sort();
const copy = (name: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'tiff-')), name);
  copyFileSync(join(folder, name), path);
  return path;
};

describe.each(files)('%s', (name) => {
  it("gives every window's samples, of all bands and of some", async () => {
    const cache = createBlockCache();
    const tiff = await openTiff(join(folder, name), cache);
    const random = Random.from(name);
    const windows = [
      { x: 0, y: 0, width, height },
      { x: 44, y: 36, width: 1, height: 1 },
      { x: 0, y: 5, width, height: 9 },
      ...Array.from({ length: 20 }, () => {
        const x = random.int(width);
        const y = random.int(height);
        return { x, y, width: 1 + random.int(width - x), height: 1 + random.int(height - y) };
      }),
    ];
    const { samples } = tiff.structure;
    for (const window of windows) {
      for (const bands of [undefined, [0, 1, 2], [2, 0]]) {
        const got = await tiff.read(window, bands);
        const list = bands ?? Array.from({ length: samples }, (_, i) => i);
        const expected = Array.from(
          { length: window.width * window.height * list.length },
          (_, i) => {
            const pixel = Math.floor(i / list.length);
            return value(
              window.x + (pixel % window.width),
              window.y + Math.floor(pixel / window.width),
              list[i % list.length] as number,
            );
          },
        );
        expect(Array.from(got), JSON.stringify({ window, bands })).toEqual(expected);
      }
    }
    expect(cache.misses + cache.hits > 0).toBe(tiff.structure.compression !== 1);
  });
});

it("JPEG with colour differences gives libjpeg-turbo's pixels", async () => {
  const tiff = await openTiff(join(folder, '../jpeg-ycbcr.tif'), createBlockCache());
  const pixels = await tiff.read({ x: 0, y: 0, width: 32, height: 32 });
  expect(
    Buffer.compare(pixels as Uint8Array, readFileSync(join(folder, '../jpeg-ycbcr.rgb'))),
  ).toBe(0);
});

it('decoded blocks are kept up to a number of bytes, the least used go first', async () => {
  // 3 x 3 tiles of 16 x 16 x 3 x 2 = 1,536 bytes
  const name = join(folder, 'deflate-predictor-tiles.tif');
  const cache = createBlockCache(3 * 1536);
  const tiff = await openTiff(name, cache);
  const tile = (column: number) => tiff.read({ x: 16 * column, y: 0, width: 4, height: 4 });
  for (const column of [0, 1, 0, 2, 0]) await tile(column);
  expect([cache.misses, cache.hits, cache.bytes]).toEqual([3, 2, 3 * 1536]);
  await tiff.read({ x: 0, y: 16, width: 1, height: 1 }); // tile 1 is forgotten
  await tile(0);
  expect([cache.misses, cache.hits, cache.bytes]).toEqual([4, 3, 3 * 1536]);
  await tile(1);
  expect(cache.misses).toBe(5);
});

describe('what is broken is one line that names the file', () => {
  const opening = readTile;

  it('a file that is cut off, in its pixels or in its header', async () => {
    const pixels = copy('strips.tif');
    truncateSync(pixels, readFileSync(pixels).length - 100);
    await expect(opening(pixels)).rejects.toThrow(
      `${pixels}: expected a whole file, got one that is cut off: block 1 ends at byte`,
    );
    const header = copy('strips.tif');
    truncateSync(header, 60);
    await expect(opening(header)).rejects.toThrow(header);
    const nothing = copy('strips.tif');
    truncateSync(nothing, 0);
    await expect(opening(nothing)).rejects.toThrow(
      `${nothing}: expected an image, got a file of 0 bytes`,
    );
  });

  it('deflated bytes that were changed', async () => {
    const path = copy('deflate-predictor.tif');
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 400, bytes.length - 300);
    writeFileSync(path, bytes);
    await expect(opening(path)).rejects.toThrow(/deflate-predictor\.tif(, block \d+)?: expected/);
  });

  it('a header that asks for far more than the file holds', async () => {
    // The width and height tags (256, 257), wherever they lie.
    for (const name of ['strips.tif', 'deflate-predictor-tiles.tif']) {
      const path = copy(name);
      const bytes = readFileSync(path);
      for (let i = 8; i < bytes.length - 12; i++) {
        if (
          (bytes.readUInt16LE(i) === 256 || bytes.readUInt16LE(i) === 257) &&
          bytes.readUInt16LE(i + 2) === 3 &&
          bytes.readUInt32LE(i + 4) === 1
        ) {
          bytes.writeUInt16LE(4, i + 2);
          bytes.writeUInt32LE(100_000, i + 8);
        }
      }
      writeFileSync(path, bytes);
      await expect(opening(path)).rejects.toThrow(
        new RegExp(
          `^${path}: expected \\d+ strips or tiles, got .* \\(the header says 100000 x 100000 ` +
            'pixels\\)',
        ),
      );
    }
  });

  it('values beyond 255; whole numbers below as floats are as good as bytes', async () => {
    const path = copy('float32.tif');
    const tile = await openTile(path); // whole floats in 0..255 are as good as bytes
    expect((await tile.read()).data[3]).toBe(7);
    const beyond = copy('strips.tif');
    const bytes = readFileSync(beyond);
    bytes.writeInt16LE(300, bytes.length - 2);
    writeFileSync(beyond, bytes);
    await expect(opening(beyond)).rejects.toThrow(`${beyond}: expected values 0..255, got 300`);
  });

  it('something else', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tiff-')), 'a.tif');
    writeFileSync(path, 'not an image at all');
    await expect(opening(path)).rejects.toThrow(`${path}: expected a PNG or a TIFF, got neither`);
    writeFileSync(path, 'II*\0 and then nothing');
    await expect(opening(path)).rejects.toThrow(path);
  });
});
