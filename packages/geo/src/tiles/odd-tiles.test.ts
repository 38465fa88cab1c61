import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRaster, encodePng } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../headers/image-header.ts';
import { readTile } from './tile.ts';

// Written by tools/fixtures/geo_odd_tiffs.py with rasterio's reading; null = to be refused.
const folder = fileURLToPath(new URL('../fixtures/odd-tiles', import.meta.url));
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  string | null
>;
const refusals: Record<string, string> = {
  'below-0': ': expected values 0..255, got -99',
  fractions: ': expected whole values 0..255, got 0.',
  'fractions-below-255': ': expected whole values 0..255, got 254.5; scale the image to 0..255',
  nan: ': expected values 0..255, got NaN',
  'lzw-broken': ', block 0: expected bytes of LZW, got broken ones (code ',
  lzma: ': expected no compression, LZW, JPEG, deflate, PackBits, LERC or zstd, got LZMA (',
  webp: ': expected no compression, LZW, JPEG, deflate, PackBits, LERC or zstd, got WebP (',
};

describe.each(Object.entries(expected))('%s', (name, sha256) => {
  const path = join(folder, `${name}.tif`);
  it(
    sha256 === null ? 'is refused by name' : 'is what rasterio reads, and black elsewhere',
    async () => {
      if (sha256 === null) {
        const refusal = await readTile(path).catch((error: unknown) => (error as Error).message);
        expect(refusal).toContain(path + (refusals[name] ?? ' missing here'));
        return;
      }
      const { data } = await readTile(path);
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
      // A window in the middle is the same pixels.
      const window = { x: 3, y: 4, width: 9, height: 7 };
      const part = await readTile(path, window);
      const cut = Uint8Array.from({ length: 9 * 7 * 3 }, (_, i) => {
        const [row, value] = [Math.floor(i / 27), i % 27];
        return data[(row + 4) * 16 * 3 + 9 + value] as number;
      });
      expect(Buffer.compare(part.data, cut)).toBe(0);
    },
  );
});

const scratch = () => mkdtempSync(join(tmpdir(), 'odd-tiles-'));

it('a PNG is bounded by its header, and black where its alpha is 0', async () => {
  const pixels = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 128, 7, 8, 9, 255);
  const png = Buffer.from(await encodePng(createRaster(3, 1, 4, pixels)));
  const path = join(scratch(), 'a.png');
  writeFileSync(path, png);
  expect(Array.from((await readTile(path)).data)).toEqual([0, 0, 0, 4, 5, 6, 7, 8, 9]);
  png.writeUInt32BE(16_000, 16);
  png.writeUInt32BE(16_000, 20);
  writeFileSync(path, png);
  await expect(readTile(path)).rejects.toThrow(
    `${path}: expected a PNG of at most 256 MiB once decoded, got 732 MiB (the header says 16000 ` +
      'x 16000 pixels)',
  );
});

it('pipes, devices and folders are refused at once', async () => {
  const pipe = join(scratch(), 'pipe.tif');
  execFileSync('mkfifo', [pipe]);
  for (const [path, what] of [
    [pipe, 'a named pipe'],
    ['/dev/zero', 'a device'],
    [scratch(), 'a folder'],
  ] as const) {
    await expect(readTile(path)).rejects.toThrow(`${path}: expected a file, got ${what}`);
    await expect(readImageHeader(path)).rejects.toThrow(`${path}: expected a file, got ${what}`);
  }
});
