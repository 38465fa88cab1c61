import {
  ignoreLabel,
  openPairLoader,
  openSource,
  plainViews,
  type ClassifiedSource,
  type LabelledSource,
  type PairSource,
} from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { cropFolder } from '../crops/read-crops.ts';
import { addTo, png, treeOf } from '../fixtures/trees.ts';
import { indexFolder } from '../index/index-folder.ts';
import { folderClasses } from './classified-source.ts';
import { folderChange, folderMasks } from './labelled-sources.ts';
import { folderPairs } from './pair-source.ts';

/** Images of one shade each: 10 to 40 first, 1 more second. */
async function setOf() {
  const root = treeOf({});
  for (const shade of [10, 20, 30, 40]) {
    addTo(root, {
      [`A/p${shade}.png`]: await png(4, 4, 3, (x) => (x === 3 ? 0 : shade)),
      [`B/p${shade}.png`]: await png(4, 4, 3, () => shade + 1),
      [`label/p${shade}.png`]: await png(4, 4, 1, (x) => (x < 2 && shade > 20 ? 255 : 0)),
      [`label1/p${shade}.png`]: await png(4, 4, 1, (_, y) => (y === 0 ? 1 : 0)),
    });
  }
  const index = await indexFolder(root);
  const { crops } = await cropFolder(index, { size: 4, mostNodata: 1 });
  return { root, index, crops };
}
const buffers = (count: number) => Array.from({ length: count }, () => new Uint8Array(4 * 4 * 3));

it('pairs as they are, one image twice, changed ones as noisy ones', async () => {
  const { index, crops } = await setOf();
  const shades = async (source: PairSource, noisy: boolean) => {
    const read: [number | undefined, number | undefined][] = [];
    for (let i = 0; i < source.length; i++) {
      const [first, second] = buffers(2) as [Uint8Array, Uint8Array];
      await source.read(i, noisy, first, second);
      read.push([first[0], second[0]]);
    }
    return read.sort(([a = 0], [b = 0]) => a - b);
  };
  const natural = await openSource<PairSource>(folderPairs({ index, crops, seed: 1 }));
  const own = [10, 20, 30, 40].map((shade) => [shade, shade + 1]);
  expect(await shades(natural, false)).toEqual(own);
  await expect(shades(natural, true)).rejects.toThrow('expected noisyShare 0');
  const twice = await openSource<PairSource>(
    folderPairs({ index, crops, seed: 1, pairing: 'second twice' }),
  );
  expect((await shades(twice, false)).every(([a, b]) => a === b && (a ?? 0) % 10 === 1)).toBe(true);
  const clean = crops.filter(({ changedShare }) => changedShare === 0);
  const noisy = crops.filter(({ changedShare }) => changedShare !== 0);
  const sorted = await openSource<PairSource>(folderPairs({ index, crops: clean, noisy, seed: 1 }));
  expect(await shades(sorted, false)).toEqual(own.slice(0, 2));
  expect(await shades(sorted, true)).toEqual(own.slice(2));
  const control = await openSource<PairSource>(
    folderPairs({ index, crops, noisy: 'mismatched', seed: 1 }),
  );
  const mismatched = await shades(control, true);
  expect(mismatched.map(([a]) => a)).toEqual([10, 20, 30, 40]);
  expect(mismatched.every(([a = 0, b = 0]) => b !== a + 1 && b % 10 === 1)).toBe(true);
  expect(() =>
    folderPairs({ index, crops: crops.slice(0, 1), noisy: 'mismatched', seed: 1 }),
  ).toThrow('mismatched pairs: expected crops of two places or more, got 1 of p10');
});

it('workers open it, and batches do not depend on their number', async () => {
  const { index, crops } = await setOf();
  const source = folderPairs({ index, crops, seed: 3 });
  const first = async (workers: number) => {
    const views = plainViews(4);
    const loader = await openPairLoader({
      source,
      batchSize: 4,
      noisyShare: 0,
      views,
      seed: 1,
      workers,
      steps: 1,
    });
    const batch = await loader.next();
    const pixels = Array.from(batch?.first ?? []);
    batch?.release();
    await loader.close();
    return pixels;
  };
  const alone = await first(0);
  // which of the two is first is drawn
  const shades = new Set(alone.map((value) => value - (value % 10)));
  expect(shades).toEqual(new Set([0, 10, 20, 30, 40]));
  expect(await first(2)).toEqual(alone);
});

it('change: both images and a mask, pixels that hold nothing are not known', async () => {
  const { index, crops } = await setOf();
  const source = await openSource<LabelledSource>(folderChange({ index, crops }));
  expect(source).toMatchObject({ images: 2, length: 4, classes: ['unchanged', 'changed'] });
  const [image, mask] = [new Uint8Array(2 * 48), new Uint8Array(16)];
  await source.read(2, image, mask);
  expect([image[0], image[48]]).toEqual([30, 31]);
  expect(Array.from(mask.subarray(0, 4))).toEqual([1, 1, 0, ignoreLabel]);
});

it('masks of single images; without any, and of crops outside, one line', async () => {
  const { index, crops } = await setOf();
  const source = await openSource<LabelledSource>(folderMasks({ index, crops }));
  expect(source).toMatchObject({ images: 1, length: 4, classes: ['background', 'foreground'] });
  const [image, mask] = [new Uint8Array(48), new Uint8Array(16)];
  await source.read(3, image, mask);
  expect([image[0], mask[0], mask[4]]).toEqual([40, 1, 0]);
  await expect(source.read(4, image, mask)).rejects.toThrow('expected an index in 0..3, got 4');
  const bare = { ...index, pairs: index.pairs.map((pair) => ({ ...pair, firstMask: null })) };
  expect(() => folderMasks({ index: bare, crops })).toThrow(
    'masks of folders: expected crops, got none',
  );
});

it('classes of a list', async () => {
  const { root } = await setOf();
  const list =
    'first,second,class,cloud\nA/p10.png,B/p10.png,field,3\nA/p20.png,B/p20.png,city,4\n';
  addTo(root, { 'pairs.csv': list });
  const index = await indexFolder(root, { list: `${root}/pairs.csv` });
  expect(index.notes).toContain('columns not used: cloud');
  const { crops } = await cropFolder(index, { size: 2, mostNodata: 1 });
  const source = await openSource<ClassifiedSource>(folderClasses({ index, crops }));
  expect(source).toMatchObject({ classes: ['city', 'field'], length: 8 });
  const image = new Uint8Array(12);
  expect(await source.read(0, image)).toBe(1);
  expect(image[0]).toBe(10);
});
