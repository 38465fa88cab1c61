import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commonWindow } from './alignment.ts';
import { gridOf } from './grid.ts';
import { createBlockCache } from '../tiff/block-cache.ts';
import { openTiff } from '../tiff/tiff.ts';

// Written by tools/fixtures/geo_odd_tiffs.py, with rasterio's geotransforms.
const folder = fileURLToPath(new URL('../fixtures/grids', import.meta.url));
const file = (name: string) => join(folder, `${name}.tif`);
const transforms = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  readonly [number, number, number, number, number, number]
>;
const grid = async (name: string) => gridOf(await openTiff(file(name), createBlockCache(0)), name);

it("has rasterio's geotransform, also where the tie point is a pixel's centre", async () => {
  for (const name of ['area', 'point', 'meridian-93', 'meridian-93-again']) {
    const [dx, , x, , dy, y] = transforms[name] as (typeof transforms)[string];
    const { origin, resolution } = await grid(name);
    expect({ name, origin, resolution }).toEqual({ name, origin: [x, y], resolution: [dx, dy] });
  }
  const [area, point] = [await grid('area'), await grid('point')];
  const whole = { x: 0, y: 0, width: 8, height: 8 };
  expect(commonWindow(area, point)).toEqual({ first: whole, second: whole });
});

it('images that are not north up are refused by their axis', async () => {
  await expect(grid('south-up')).rejects.toThrow(
    'south-up: expected an image with north up, x to the east and y to the south, got pixels of ' +
      '0.5 x 0.5 (south up); flip it first',
  );
  await expect(grid('mirrored')).rejects.toThrow('got pixels of -0.5 x -0.5; flip it first');
  await expect(grid('rotated')).rejects.toThrow('got one that is rotated; warp it first');
});

it('user-defined projections are one only if all their keys are', async () => {
  const same = commonWindow(await grid('meridian-93'), await grid('meridian-93-again'));
  expect(same.first).toEqual({ x: 2, y: 1, width: 6, height: 7 });
  const [west, east] = [await grid('meridian-93'), await grid('meridian-90')];
  expect(() => commonWindow(west, east)).toThrow(
    /expected one coordinate reference system, got .*LongGeoKey = -93.* and .*LongGeoKey = -90/,
  );
});
