import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addTo, jpeg, png, tiff, treeOf } from '../fixtures/trees.ts';
import type { LeftOut } from './folder-index.ts';
import { indexFolder } from './index-folder.ts';

const image = await png(8, 8, 3, (x, y, c) => 1 + 10 * x + y + c);
/** `changed` columns of 8 hold the value. */
const mask = (changed: number, value = 255) => png(8, 8, 1, (x) => (x < changed ? value : 0));

async function levir() {
  return treeOf({
    'A/train_1.png': image,
    'B/train_1.png': image,
    'label/train_1.png': await mask(0),
    'A/test_1_0256.png': image,
    'B/test_1_0256.png': image,
    'label/test_1_0256.png': await mask(2),
    'A/test_9_0256.png': await png(9, 8, 4, () => 255),
    'B/test_9_0256.png': await png(9, 7, 4, () => 255),
  });
}
const reasons = (leftOut: readonly LeftOut[]) =>
  Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason]));

it('pairs, their shares of change, and what is left out by name', async () => {
  const index = await indexFolder(await levir());
  expect(index.rule).toBe('twin folders');
  expect(index.pairs).toMatchObject([
    { name: 'test_1_0256', place: 'test_1', split: 'test', change: 'label/test_1_0256.png' },
    { name: 'train_1', place: 'train_1', split: 'train', changedShare: 0, width: 8, height: 8 },
  ]);
  expect(index.pairs[0]?.changedShare).toBe(0.25);
  expect(reasons(index.leftOut)).toEqual({
    'A/test_9_0256.png': '9 x 8, but B/test_9_0256.png 9 x 7; --fit crop takes what both have',
    'B/test_9_0256.png': 'its pair is left out, by A/test_9_0256.png',
  });
  expect(index.files).toEqual({
    images: 4,
    masks: 2,
    splitLists: 0,
    litter: 0,
    leftOut: 2,
    all: 8,
  });
});

it('images of two sizes are cut to what both have, if asked for', async () => {
  const { pairs, leftOut, notes } = await indexFolder(await levir(), { fit: 'crop' });
  expect(pairs.at(1)).toMatchObject({ name: 'test_9_0256', width: 9, height: 7 });
  expect(leftOut).toEqual([]);
  expect(notes).toContain('1 pairs have images of two sizes: the upper left part that both have');
  expect(notes).toContain('2 of 6 images have opacity, which is dropped: black where it is 0');
});

it('predictions, texts, other formats, litter and dangling links are accounted for', async () => {
  const root = await levir();
  addTo(root, {
    'predict/train_1.png': image,
    'readme.txt': '',
    'cube.h5': '',
    'A/._train_1.png': '',
    'A/.ipynb_checkpoints/train_1-checkpoint.png': image,
    '.DS_Store': '',
  });
  symlinkSync('nowhere.png', join(root, 'A', 'gone.png'));
  symlinkSync('..', join(root, 'B', 'up'));
  execFileSync('mkfifo', [join(root, 'B', 'pipe.png')]);
  const { pairs, files, leftOut } = await indexFolder(root);
  expect(pairs).toHaveLength(2);
  expect(reasons(leftOut)).toMatchObject({
    'predict/train_1.png': 'in no pair by this rule',
    'readme.txt': 'text',
    'cube.h5': 'HDF5 is not read: export it as TIFF',
    'A/gone.png': 'nothing there (a link may lead nowhere)',
    'B/up/': 'a link to a folder above',
    'B/pipe.png': 'a pipe or device',
  });
  expect(files).toMatchObject({ images: 4, masks: 2, litter: 3, leftOut: 8, all: 17 });
});

it('a folder that may not be read is named, and the rest goes on', async () => {
  const root = await levir();
  mkdirSync(join(root, 'closed'));
  chmodSync(join(root, 'closed'), 0);
  const { pairs, leftOut } = await indexFolder(root);
  expect(pairs).toHaveLength(2);
  const isRoot = process.getuid?.() === 0; // who may read everything
  expect(reasons(leftOut)['closed/']).toBe(isRoot ? undefined : 'no permission to read it');
});

it('umlauts in either form, spaces, extensions in any case', async () => {
  const composed = 'Süd West/Köln 1'.normalize('NFC');
  const root = treeOf({
    [`my pairs/A/${composed}.PNG`]: image,
    [`my pairs/B/${composed.normalize('NFD')}.png`]: image,
    [`my pairs/label/${composed.normalize('NFD')}.TIF`]: tiff(8, 8, 1, new Uint8Array(64)),
  });
  const { pairs } = await indexFolder(root);
  expect(pairs).toMatchObject([{ changedShare: 0, width: 8 }]);
});

it('one line where nothing can be used', async () => {
  const empty = treeOf([]);
  await expect(indexFolder(empty)).rejects.toThrow(
    `${empty}: expected pairs, got none among 0 images`,
  );
  await expect(indexFolder(join(empty, 'none'))).rejects.toThrow(
    `${join(empty, 'none')}: expected a folder that can be read, got nothing there`,
  );
  const broken = treeOf({ 'A/1.png': image, 'B/1.png': '' });
  await expect(indexFolder(broken)).rejects.toThrow(
    `${broken}: expected pairs that can be used, got none of 1, as B/1.png: expected an image, ` +
      'got a file of 0 bytes',
  );
  const one = treeOf({ 'A/1.png': image, 'B/1.png': image });
  expect((await indexFolder(one)).pairs).toHaveLength(1);
  await expect(indexFolder(one, { split: 0.2 })).rejects.toThrow(
    '--split 0.2: expected two places or more, got 1 (1)',
  );
  await expect(indexFolder(one, { split: 'list' })).rejects.toThrow(
    '--split list: expected splits',
  );
});

it('16 bits and floats need a stretch, which is one over the set', async () => {
  const values = (from: number) => Uint16Array.from({ length: 64 }, (_, i) => from + i);
  const root = treeOf({
    'A/1.tif': tiff(8, 8, 1, values(1000)),
    'B/1.tif': tiff(8, 8, 1, values(1064)),
    'A/2.tif': tiff(8, 8, 1, values(1128)),
    'B/2.tif': tiff(8, 8, 1, values(1192)),
  });
  await expect(indexFolder(root)).rejects.toThrow(
    'as A/1.tif: expected 8 bits, got 16 bits; say --stretch, or --stretch none for values 0..255',
  );
  const { pixels, notes } = await indexFolder(root, { stretch: [2, 98] });
  // 256 values from 1000 on: numpy.percentile's 2 and 98 %
  const range = [1005.1, 1249.9].map((value) => expect.closeTo(value, 6) as number);
  expect(pixels.stretch).toEqual({ '1/16 x 1': [range, range, range] });
  expect(notes).toContain('4 of 4 images are grey: three equal bands');
  const flat = tiff(2, 2, 1, new Float32Array(4).fill(3));
  const even = treeOf({ 'A/1.tif': flat, 'B/1.tif': flat });
  await expect(indexFolder(even, { stretch: [2, 98] })).rejects.toThrow(
    '--stretch: expected values that differ in images of type 3/32 x 1, as A/1.tif, got 3 and 3',
  );
});

it('images of many bands need --bands', async () => {
  const many = tiff(2, 2, 5, new Uint8Array(20).fill(7));
  const root = treeOf({ 'pre/1.tif': many, 'post/1.tif': many });
  await expect(indexFolder(root)).rejects.toThrow(
    'expected --bands, as 4,3,2, for an image of 5 bands',
  );
  expect((await indexFolder(root, { bands: [4, 3, 2] })).pairs).toHaveLength(1);
  await expect(indexFolder(root, { bands: [6, 3, 2] })).rejects.toThrow(
    'expected bands 6, 3, 2, got an image of 5',
  );
});

it('masks: one value beside 0, 255 not known, JPEG cut at 128, others by classes', async () => {
  const root = treeOf({
    ...Object.fromEntries(
      ['one', 'ignore', 'only255', 'jpeg', 'many'].flatMap((name) => [
        [`A/${name}.png`, image],
        [`B/${name}.png`, image],
      ]),
    ),
    'label/one.png': await mask(4, 1),
    'label/ignore.png': await png(8, 8, 1, (x) => (x < 4 ? 0 : x < 6 ? 1 : 255)),
    'label/only255.png': await mask(2, 255),
    'label/jpeg.jpg': await jpeg(8, 8, (x) => (x < 2 ? 250 : 3)),
    'label/many.png': await png(8, 8, 1, (x) => x),
  });
  const { pairs, notes, leftOut } = await indexFolder(root);
  const shares = Object.fromEntries(pairs.map((pair) => [pair.name, pair.changedShare]));
  expect(shares).toEqual({ one: 0.5, ignore: 1 / 3, only255: 0, jpeg: 0.25, many: null });
  expect(notes).toContain('1 masks are JPEG: cut at 128');
  expect(reasons(leftOut)['label/many.png']).toBe(
    'expected a mask of 0 and one other value, or --classes, got 0, 1, 2, 3, ... (8); its pair ' +
      'is kept without',
  );
  const classes = Array.from({ length: 8 }, (_, value) => ({
    value,
    name: value < 6 ? 'no' : 'yes',
  }));
  const mapped = await indexFolder(root, { classes });
  expect(mapped.pairs.find(({ name }) => name === 'many')?.changedShare).toBe(0.25);
});

it('masks of images in colours, by classes', async () => {
  const colours = await png(8, 8, 3, (x, _, c) => (x < 2 ? [255, 0, 0][c] : [0, 0, 0][c]) ?? 0);
  const root = treeOf({ 'im1/1.png': image, 'im2/1.png': image, 'label1/1.png': colours });
  const { pairs, leftOut } = await indexFolder(root);
  expect(pairs[0]?.firstMask).toBe(null);
  expect(reasons(leftOut)['label1/1.png']).toMatch(/or --classes, got #000000, #ff0000; its pair/);
  const classes = [
    { value: '#000000', name: 'ground' },
    { value: '#ff0000', name: 'built' },
  ];
  expect((await indexFolder(root, { classes })).pairs[0]?.firstMask).toBe('label1/1.png');
  const missing = await indexFolder(root, { classes: classes.slice(0, 1) });
  expect(reasons(missing.leftOut)['label1/1.png']).toMatch(
    /expected the classes #000000 in a mask/,
  );
});

it('lists of splits; a pair in two of them is for test; places in two are told', async () => {
  const root = await levir();
  addTo(root, {
    'A/test_1_0512.png': image,
    'B/test_1_0512.png': image,
    'list/train.txt': 'train_1.png\ntest_1_0512.png\nnowhere.png\n',
    'list/test.txt': 'test_1_0256.png\ntrain_1\n',
  });
  const { pairs, notes, files } = await indexFolder(root);
  expect(pairs.map(({ name, split }) => [name, split])).toEqual([
    ['test_1_0256', 'test'],
    ['test_1_0512', 'train'],
    ['train_1', 'test'],
  ]);
  expect(files['splitLists']).toBe(2);
  expect(notes.join('\n')).toMatch(
    /1 pairs are in several split lists: taken for test[^]*1 names in split lists are of no pair/,
  );
  expect(notes.join('\n')).toContain('1 places are in several splits, as test_1: crops of one');
});

it('a share of places is test, whole places at a time', async () => {
  const names = ['p1_1', 'p1_2', 'p2_1', 'p2_2', 'p3_1', 'p3_2', 'p4_1', 'p4_2'];
  const root = treeOf(
    Object.fromEntries(
      names.flatMap((name) => ['A', 'B'].map((side) => [`${side}/${name}.png`, image])),
    ),
  );
  const { pairs } = await indexFolder(root, { split: 0.25 });
  const test = pairs.filter(({ split }) => split === 'test');
  expect(test).toHaveLength(2);
  expect(new Set(test.map(({ place }) => place)).size).toBe(1);
  const own = await indexFolder(root, { place: /^(p)/ });
  expect(new Set(own.pairs.map(({ place }) => place))).toEqual(new Set(['p']));
});
