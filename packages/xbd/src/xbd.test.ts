import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, encodePng, Random } from '@noisy-pairs/imaging';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { damageMask, damageOf } from './damage-mask.ts';
import { indexXbd } from './index-folder.ts';
import { damageValues, parseLabel, type Building } from './label.ts';
import { parseTileName } from './names.ts';
import { pairWindows } from './pair-windows.ts';
import { readTile } from './tile.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'xbd-'));
const label = (buildings: { subtype?: string; wkt: string }[]) =>
  JSON.stringify({ features: { xy: buildings.map(({ subtype, wkt }, i) => ({ properties: { feature_type: 'building', uid: `u${i}`, ...(subtype ? { subtype } : {}) }, wkt })) }, metadata: {} });
const square = (x: number, y: number, edge: number) => `POLYGON ((${x} ${y}, ${x + edge} ${y}, ${x + edge} ${y + edge}, ${x} ${y + edge}, ${x} ${y}))`;

/** The even-odd rule at a point, edge by edge. */
function inside({ rings }: Building, x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x0, y0] = [ring[i] as number, ring[i + 1] as number], [x1, y1] = [ring[(i + 2) % ring.length] as number, ring[(i + 3) % ring.length] as number];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
  }
  return odd;
}

test('the mask is what a point-in-polygon loop says, for concave outlines, holes, overlaps and buildings over the border', () => {
  const random = Random.from(1);
  const subtypes = Object.keys(damageValues) as Building['damage'][];
  const ring = (cx: number, cy: number, radius: number) => Float64Array.from({ length: 18 }, (_, i) => {
    const angle = (Math.floor(i / 2) / 9) * 2 * Math.PI;
    const r = radius * random.range(0.3, 1);
    return i % 2 === 0 ? cx + r * Math.cos(angle) : cy + r * Math.sin(angle);
  });
  const buildings: Building[] = Array.from({ length: 25 }, (_, i) => {
    const [cx, cy] = [random.range(-5, 69), random.range(-5, 53)];
    return { uid: String(i), damage: subtypes[i % 5] as Building['damage'], rings: [ring(cx, cy, 14), ...(i % 3 === 0 ? [ring(cx, cy, 3)] : [])] };
  });
  const mask = damageMask(buildings, 64, 48);
  const expected = new Uint8Array(64 * 48);
  for (const building of buildings) {
    for (let y = 0; y < 48; y++) for (let x = 0; x < 64; x++) if (inside(building, x + 0.5, y + 0.5)) expected[y * 64 + x] = damageValues[building.damage];
  }
  expect(mask.data).toEqual(expected);
  expect(new Set(mask.data)).toEqual(new Set([0, 1, 2, 3, 4, 255]));
});

test('labels: damage, holes, and a label from before the disaster', () => {
  const [a, b] = parseLabel(label([{ subtype: 'major-damage', wkt: 'POLYGON ((0 0, 8 0, 8 8, 0 8, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))' }, { wkt: square(9, 9, 1) }]));
  expect([a?.damage, a?.rings.length, b?.damage]).toEqual(['major-damage', 2, 'no-damage']);
  const mask = damageMask(a ? [a] : [], 8, 8);
  expect(mask.data.filter((v) => v === 3).length).toBe(60);
  expect(mask.data[2 * 8 + 2]).toBe(0);
  expect(() => parseLabel('{', 'x.json')).toThrow('x.json: expected JSON');
  expect(() => parseLabel('{}', 'x.json')).toThrow('x.json: expected features.xy, got none');
  expect(() => parseLabel(label([{ subtype: 'gone', wkt: square(0, 0, 1) }]))).toThrow('expected a damage of no-damage, minor-damage, major-damage, destroyed, un-classified, got gone');
  expect(() => parseLabel(label([{ wkt: 'POINT (1 2)' }]))).toThrow('building 0: expected a WKT POLYGON, got POINT (1 2)');
});

test('damage of a window counts building pixels, un-classified ones apart', () => {
  const mask = createRaster(4, 2, 1, Uint8Array.of(0, 1, 2, 255, 4, 1, 0, 0));
  expect(damageOf(mask, { x: 0, y: 0, width: 4, height: 2 })).toEqual({ buildingPixels: 5, unclassifiedPixels: 1, damageShare: 0.5 });
  expect(damageOf(mask, { x: 2, y: 1, width: 2, height: 1 })).toEqual({ buildingPixels: 0, unclassifiedPixels: 0, damageShare: 0 });
});

test('tiles: GeoTIFF windows of int16 with nodata, PNG windows, and what is refused', async () => {
  // Written by rasterio, as tools/fixtures/xbd_tile.py says; the PNG holds the same pixels.
  const tif = fileURLToPath(new URL('./fixtures/int16-nodata.tif', import.meta.url)), png = join(temporary(), 'a.png');
  const value = (x: number, y: number, c: number) => (x === 0 && y === 0 ? 0 : (x * 7 + y * 13 + c * 50) % 256);
  const pixels = Uint8Array.from({ length: 6 * 5 * 3 }, (_, i) => value(Math.floor(i / 3) % 6, Math.floor(i / 18), i % 3));
  writeFileSync(png, await encodePng(createRaster(6, 5, 3, pixels)));
  const window = { x: 2, y: 1, width: 3, height: 4 };
  const expected = Array.from({ length: 36 }, (_, i) => value(2 + (Math.floor(i / 3) % 3), 1 + Math.floor(i / 9), i % 3));
  for (const path of [tif, png]) {
    expect([...(await readTile(path, window)).data]).toEqual(expected);
    const whole = await readTile(path);
    expect([whole.width, whole.height, whole.data[0]]).toEqual([6, 5, 0]);
    await expect(readTile(path, { ...window, x: 4 })).rejects.toThrow('expected a window inside 6 x 5, got 3 x 4 at 4, 1');
  }
});

test('names, and the index of a folder: pairs sorted, and tiles that lack something named', () => {
  expect(parseTileName('hurricane-harvey_00000012_post_disaster.tif')).toEqual({ disaster: 'hurricane-harvey', id: '00000012', phase: 'post', extension: 'tif' });
  expect(parseTileName('hurricane-harvey_00000012_post_disaster_target.png')).toBeUndefined();
  const dir = temporary();
  expect(() => indexXbd(dir)).toThrow(`xBD: expected a folder ${join(dir, 'images')}, got none`);
  for (const folder of ['images', 'labels']) mkdirSync(join(dir, folder));
  for (const file of ['b_00000001_pre_disaster.png', 'b_00000001_post_disaster.png', 'a_00000002_pre_disaster.png', 'a_00000002_post_disaster.png', 'c_00000003_pre_disaster.tif', 'notes.txt']) writeFileSync(join(dir, 'images', file), '');
  for (const tile of ['b_00000001', 'c_00000003']) writeFileSync(join(dir, 'labels', `${tile}_post_disaster.json`), '');
  const { pairs, incomplete } = indexXbd(dir);
  expect(pairs.map(({ disaster, id }) => [disaster, id])).toEqual([['b', '00000001']]);
  expect(incomplete).toEqual([{ tile: 'a_00000002', missing: ['post label'] }, { tile: 'c_00000003', missing: ['post image'] }]);
});

test('windows are clean or noisy by their damage; those that nobody could classify are left out and counted', async () => {
  const dir = temporary(), path = join(dir, 'label.json');
  writeFileSync(path, label([
    { subtype: 'no-damage', wkt: square(0, 0, 4) }, { subtype: 'destroyed', wkt: square(4, 0, 4) }, // first window: half
    { subtype: 'no-damage', wkt: square(10, 0, 4) }, // second: none
    { subtype: 'un-classified', wkt: square(0, 10, 4) }, // third: unknown; the fourth is empty
  ]));
  const pair = { disaster: 'd', id: '00000000', pre: '', post: '', label: path };
  const { windows, leftOut } = await pairWindows([pair], { size: 8, tileSize: 16 });
  expect(windows.map(({ window: { x, y }, damageShare, kind }) => [x, y, damageShare, kind])).toEqual([[0, 0, 0.5, 'noisy'], [8, 0, 0, 'clean'], [8, 8, 0, 'clean']]);
  expect(leftOut).toBe(1);
  expect((await pairWindows([pair], { size: 8, tileSize: 16, noisyFrom: 0.6, leastBuildingPixels: 1 })).windows.map(({ kind }) => kind)).toEqual(['clean', 'clean']);
  await expect(pairWindows([pair], { size: 0 })).rejects.toThrow('window size: expected a whole number in 1..1024, got 0');
});
