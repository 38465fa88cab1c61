import { join } from 'node:path';
import { expect, it } from 'vitest';
import { png, tiff, treeOf } from '../fixtures/trees.ts';
import { indexFolder } from '../index/index-folder.ts';
import { openFolderIndex } from '../index/open-index.ts';
import { writeFolderIndex } from '../index/write-index.ts';
import { cropFolder, readCrops } from './read-crops.ts';

const shade = (x: number, y: number, c: number) => 1 + 16 * x + y + 50 * c;

async function set() {
  return treeOf({
    'A/1.png': await png(8, 8, 3, shade),
    'B/1.png': await png(8, 8, 3, (x, y, c) => (x < 2 && y < 2 ? 0 : shade(x, y, c))),
    'label/1.png': await png(8, 8, 1, (x, y) => (x >= 4 && y < 3 ? 255 : 0)),
    'A/2.png': await png(5, 8, 3, shade),
    'B/2.png': await png(5, 8, 3, shade),
  });
}
const all = async <T>(items: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

it('squares side by side, with their share of change; what holds nothing is left out', async () => {
  const index = await indexFolder(await set());
  const { crops, refused, size } = await cropFolder(index, { size: 4 });
  expect(size).toBe(4);
  expect(
    crops.map(({ pair, window: { x, y }, changedShare }) => [pair, x, y, changedShare]),
  ).toEqual([
    [0, 4, 0, 0.75],
    [0, 0, 4, 0],
    [0, 4, 4, 0],
    [1, 0, 0, null],
    [1, 0, 4, null],
  ]);
  expect(refused).toEqual({ nodata: 1, smallPairs: 0 });
  const kept = await cropFolder(index, { size: 4, mostNodata: 0.25 });
  expect(kept.crops[0]).toMatchObject({ nodata: 0.25, changedShare: 0 });
  const large = await cropFolder(index, { size: 6, stride: 1 });
  expect(large.refused.smallPairs).toBe(1);
  expect(large.crops.map(({ window: { x, y } }) => [x, y])).toContainEqual([2, 2]);
});

it('pixels and labels of a crop are those of its window', async () => {
  const index = await indexFolder(await set());
  const [crop] = await all(readCrops(index, { size: 4 }));
  expect(Array.from(crop?.first.data.subarray(0, 6) ?? [])).toEqual([65, 115, 165, 81, 131, 181]);
  expect(Array.from(crop?.change ?? [])).toEqual([...Array<number>(12).fill(1), 0, 0, 0, 0]);
});

it('whole images must be squares of one size', async () => {
  const index = await indexFolder(await set());
  await expect(cropFolder(index, { size: 0 })).rejects.toThrow(
    'crops: expected squares of one size, as 1 of 8 x 8, for whole images, got 2 of 5 x 8',
  );
  const square = { ...index, pairs: index.pairs.slice(0, 1) };
  expect((await cropFolder(square, { size: 0 })).crops).toHaveLength(1);
  await expect(cropFolder(index, { size: 9 })).rejects.toThrow(
    'crops: expected some of 9 pixels from 2 pairs, got none (2 pairs are smaller',
  );
  await expect(cropFolder(index, { size: 4.5 })).rejects.toThrow('crops: size: expected a whole');
});

it('grey is three equal bands, a stretch is of the set and leaves black to nodata', async () => {
  const ramp = (from: number) => Float32Array.from({ length: 16 }, (_, i) => from + i);
  const holes = ramp(16);
  holes[0] = NaN;
  const root = treeOf({
    'pre/x.tif': tiff(4, 4, 1, ramp(0)),
    'post/x.tif': tiff(4, 4, 1, holes),
  });
  const index = await indexFolder(root, { stretch: [0, 100] });
  const [crop] = await all(readCrops(index, { size: 4 }));
  const bytes = (value: number) => Math.round(1 + (254 * value) / 31);
  expect(Array.from(crop?.first.data.subarray(0, 6) ?? [])).toEqual([
    1,
    1,
    1,
    ...Array<number>(3).fill(bytes(1)),
  ]);
  expect(Array.from(crop?.second.data.subarray(0, 6) ?? [])).toEqual([
    0,
    0,
    0,
    ...Array<number>(3).fill(bytes(17)),
  ]);
  expect(crop?.nodata).toBe(1 / 16);
});

it('bands of files and of one file are taken in the order asked for', async () => {
  const flat = (value: number) => tiff(2, 2, 1, new Uint8Array(4).fill(value));
  const files = Object.fromEntries(
    ['imgs_1', 'imgs_2'].flatMap((folder, side) =>
      [1, 2, 3, 4, 5].map((band) => [`rome/${folder}/B0${band}.tif`, flat(10 * band + side)]),
    ),
  );
  const [crop] = await all(readCrops(await indexFolder(treeOf(files)), { size: 2 }));
  expect(Array.from(crop?.second.data.subarray(0, 3) ?? [])).toEqual([41, 31, 21]);
  const all5 = tiff(1, 1, 5, Uint8Array.from([10, 20, 30, 40, 50]));
  const one = treeOf({ 'A/1.tif': all5, 'B/1.tif': all5 });
  const [pixel] = await all(readCrops(await indexFolder(one, { bands: [5, 1, 2] }), { size: 1 }));
  expect(Array.from(pixel?.first.data ?? [])).toEqual([50, 10, 20]);
  const rgb = await png(1, 1, 3, (_, __, c) => c + 1);
  const turned = treeOf({ 'A/1.png': rgb, 'B/1.png': rgb });
  const [swapped] = await all(
    readCrops(await indexFolder(turned, { bands: [3, 2, 1] }), { size: 1 }),
  );
  expect(Array.from(swapped?.first.data ?? [])).toEqual([3, 2, 1]);
});

it('an index goes through its file, and a broken one is named', async () => {
  const root = await set();
  const index = await indexFolder(root);
  const file = join(treeOf([]), 'pairs.jsonl');
  await writeFolderIndex(file, index);
  expect(await openFolderIndex(file)).toEqual(index);
  expect((await openFolderIndex(file, '/elsewhere')).root).toBe('/elsewhere');
  const { readFileSync, writeFileSync } = await import('node:fs');
  const lines = readFileSync(file, 'utf8').split('\n');
  const rewrite = (some: readonly string[]) => {
    writeFileSync(file, some.join('\n'));
    return openFolderIndex(file);
  };
  await expect(rewrite(lines.slice(0, 2))).rejects.toThrow(
    `${file}: expected a whole index of folders, got one that is cut off`,
  );
  await expect(rewrite(['{"x":1}'])).rejects.toThrow(
    `${file}, line 1: expected an index of folders, version 1: `,
  );
  const outside = lines.map((line) => line.replace('"A/1.png"', '"../1.png"'));
  await expect(rewrite(outside)).rejects.toThrow('expected a path below the root, got ../1.png');
  await expect(writeFolderIndex(join(root, 'none', 'x.jsonl'), index)).rejects.toThrow(
    `${join(root, 'none', 'x.jsonl')}: not written (ENOENT`,
  );
});
