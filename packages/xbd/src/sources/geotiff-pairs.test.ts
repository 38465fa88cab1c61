import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource, type PairSource } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { encodeXbdGeotiff } from '../sample/geotiff-writer.ts';
import { geotiffPairs } from './geotiff-pairs.ts';

const folder = mkdtempSync(join(tmpdir(), 'geotiff-pairs-'));
const pixel = [1e-5, 1e-5] as const;
/**
 * A tile whose pixel (x, y) shows where it lies on the ground, in pixels from longitude 10 and
 * latitude 50.
 */
function tile(name: string, left: number, top: number, width: number, height: number): string {
  const rgb = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) =>
      [left + (Math.floor(i / 3) % width), top + Math.floor(i / 3 / width), 7][i % 3] as number,
  );
  const path = join(folder, name);
  writeFileSync(
    path,
    encodeXbdGeotiff(rgb, width, height, [10 + left * pixel[0], 50 - top * pixel[1]], pixel),
  );
  return path;
}

it('crops of two GeoTIFFs show the same ground, wherever the images begin', async () => {
  const [a, b, c, d] = [
    tile('a.tif', 20, 30, 64, 48),
    tile('b.tif', 50, 10, 80, 60),
    tile('c.tif', 0, 0, 32, 32),
    tile('d.tif', 0, 0, 32, 32),
  ];
  const source = await openSource<PairSource>(
    await geotiffPairs({
      files: [
        [a, b],
        [c, d],
      ],
      size: 16,
      stride: 8,
      seed: 1,
    }),
  );
  // a and b share x 50..84, y 30..70: 34 x 40 pixels, 3 x 4 crops; c and d all: 3 x 3.
  expect(source).toMatchObject({ size: 16, length: 3 * 4 + 3 * 3 });
  const corners = new Set<string>();
  for (let i = 0; i < source.length; i++) {
    const [first, second] = [new Uint8Array(16 * 16 * 3), new Uint8Array(16 * 16 * 3)];
    await source.read(i, false, first, second);
    expect(first).toEqual(second);
    corners.add(`${first[0] ?? ''} ${first[1] ?? ''}`);
  }
  expect(corners.size).toBe(21);
  expect(corners.has('50 30')).toBe(true);
  expect(corners.has('66 54')).toBe(true);
});

it('grids that do not fit are named', async () => {
  const [a, far, odd] = [
    tile('e.tif', 20, 30, 32, 32),
    tile('far.tif', 200, 30, 32, 32),
    join(folder, 'odd.tif'),
  ];
  await expect(geotiffPairs({ files: [[a, far]], size: 16, seed: 0 })).rejects.toThrow(
    `${a} and ${far}: alignment: expected images that overlap`,
  );
  await expect(geotiffPairs({ files: [[a, a]], size: 64, seed: 0 })).rejects.toThrow(
    `${a} and ${a}: expected 64 x 64 pixels in common, got 32 x 32`,
  );
  writeFileSync(odd, encodeXbdGeotiff(new Uint8Array(32 * 32 * 3), 32, 32, [10, 50], [2e-5, 2e-5]));
  await expect(geotiffPairs({ files: [[a, odd]], size: 16, seed: 0 })).rejects.toThrow(
    'expected pixels of one size',
  );
  await expect(geotiffPairs({ files: [], size: 16, seed: 0 })).rejects.toThrow(
    'expected one pair of files or more, got none',
  );
});
