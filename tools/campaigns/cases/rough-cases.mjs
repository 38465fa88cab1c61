// The list of refusals that said too little: made up here, each in several forms.
import { copyFileSync, cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { geotiffPairs, writeSampleSet } from '@noisy-pairs/xbd';
import { readTile } from '@noisy-pairs/geo';
import { createRaster, encodeJpeg, readImage } from '@noisy-pairs/imaging';
import { outcome, root, told } from './told.mjs';

const fixture = (name) => join(root, 'packages/geo/src/fixtures', name);
const index = (path, ...flags) => told('xbd/dist/commands/index', ['--root', path, ...flags]);

export async function* roughCases(_, scratch) {
  const sample = join(scratch, 'rough-sample');
  await writeSampleSet({ out: sample, tiles: 2, seed: 1, size: 64, layout: 'png' });
  let number = 0;
  /** A copy of the two places of split train, and the path of each file of the first. */
  const copy = () => {
    const path = join(scratch, `rough-${number++}`);
    cpSync(join(sample, 'train'), join(path, 'train'), { recursive: true });
    const at = (folder, i) => {
      const names = readdirSync(join(path, 'train', folder)).sort();
      return join(path, 'train', folder, names[i]);
    };
    return { path, post: at('images', 0), pre: at('images', 1), label: at('labels', 0) };
  };
  yield* oddNames(copy);
  yield* oddRoots(copy, scratch);
  yield* oddLabels(copy);
  yield* oddTiffs();
}

const two = /\b2 pairs; 0 places that are none/;

async function* oddNames(copy) {
  const spellings = {
    '.PNG': (name) => name.replace('.png', '.PNG'),
    '.Png, Synthetic-': (name) => name.replace('.png', '.Png').replace('synthetic-', 'Synthetic-'),
    SYNTHETIC: (name) => name.toUpperCase(),
    made_up_: (name) => name.replace('synthetic-', 'made_up_'),
  };
  for (const [name, spelling] of Object.entries(spellings)) {
    const { path } = copy();
    for (const folder of ['images', 'labels', 'targets'])
      for (const file of readdirSync(join(path, 'train', folder))) {
        const way = name === '.PNG' && folder === 'labels' ? (text) => text : spelling;
        renameSync(join(path, 'train', folder, file), join(path, 'train', folder, way(file)));
      }
    yield { name: `names of ${name}`, expected: two, got: index(path) };
  }
  for (const extension of ['.jpg', '.JPEG', '.jpeg', '.JPG']) {
    const { path, pre } = copy();
    writeFileSync(pre.replace('.png', extension), await encodeJpeg(await readImage(pre)));
    renameSync(pre, join(path, 'gone'));
    yield { name: `an image of ${extension}`, expected: two, got: index(path) };
  }
  for (const extension of ['.tif', '.TIFF', '.jpg', '.PNG']) {
    const { path, pre } = copy();
    copyFileSync(pre, pre.replace('.png', extension));
    const expected =
      /_pre_disaster\.\w+: a second image of this name, left out: .* is taken.*\b2 pairs/;
    yield { name: `two images of one name, ${extension}`, expected, got: index(path) };
  }
}

async function* oddRoots(copy, scratch) {
  const { path } = copy();
  for (const folder of ['images', 'labels', 'targets'])
    yield {
      name: `root is the folder ${folder}`,
      expected: new RegExp(`this is the ${folder} folder; give the one above`),
      got: index(join(path, 'train', folder)),
    };
  const flat = join(scratch, 'rough-flat');
  for (const folder of ['images', 'labels'])
    cpSync(join(path, 'train', folder), flat, { recursive: true });
  yield {
    name: 'all files in one folder',
    expected: /side by side; move them to images, labels and targets/,
    got: index(flat),
  };
  const empty = join(scratch, 'rough-empty');
  mkdirSync(join(empty, 'images'), { recursive: true });
  writeFileSync(join(empty, 'images', 'tile_1.png'), '');
  yield {
    name: 'images of other names',
    expected: /got none of such a name among 1, as tile_1\.png/,
    got: index(empty),
  };
  const file = join(path, 'train/file.txt');
  writeFileSync(file, '');
  yield {
    name: 'root is a file',
    expected: /--root: expected a folder, got a file/,
    got: index(file),
  };
}

async function* oddLabels(copy) {
  const forms = {
    'a label without metadata': [
      ({ features }) => ({ features }),
      /without width and height.*\b2 pairs/,
    ],
    'a label of metadata null': [
      (label) => ({ ...label, metadata: null }),
      /without width.*\b2 pairs/,
    ],
    'width as text': [withSize('64', 64), /without width and height as numbers.*\b2 pairs/],
    'height null': [withSize(64, null), /without width and height as numbers.*\b2 pairs/],
    'another width': [withSize(1024, 64), /expected a label of 64 x 64 pixels, got 1024 x 64/],
    'null among features': [withFeature(null), /building 0: expected an object, got null/],
    'a number among features': [withFeature(7), /building 0: expected an object, got 7/],
    'a text among features': [withFeature('x'), /building 0: expected an object, got x/],
    'an empty object among features': [
      withFeature({}),
      /building 0: expected a WKT POLYGON, got undefined/,
    ],
    'features null': [(label) => ({ ...label, features: null }), /expected features\.xy, got none/],
    'lng_lat of nulls': [
      (label) => ({ ...label, features: { ...label.features, lng_lat: [null] } }),
      /building 0 in lng_lat: expected an object, got null/,
    ],
  };
  const { readFileSync } = await import('node:fs');
  for (const [name, [change, expected]] of Object.entries(forms)) {
    const { path, label } = copy();
    writeFileSync(label, JSON.stringify(change(JSON.parse(readFileSync(label, 'utf8')))));
    yield { name, expected, got: index(path) };
  }
}

const withSize = (width, height) => (label) => ({
  ...label,
  metadata: { ...label.metadata, width, height },
});
const withFeature = (feature) => (label) => ({
  ...label,
  features: { ...label.features, xy: [feature, ...label.features.xy] },
});

async function* oddTiffs() {
  for (const [name, said] of Object.entries({ webp: 'WebP', lzma: 'LZMA' })) {
    const expected = new RegExp(`^refused: .*${name}\\.tif: .*${said}`);
    yield {
      name: `${said} in TIFF`,
      expected,
      got: await outcome(readTile(fixture(`odd-tiles/${name}.tif`))),
    };
  }
  const north = fixture('grids/area.tif');
  for (const name of ['south-up', 'mirrored', 'rotated']) {
    const files = [north, fixture(`grids/${name}.tif`)];
    const got = await outcome(geotiffPairs({ files: [files], size: 8, seed: 1 }));
    yield { name: `${name} beside north-up`, expected: /^refused: .*\.tif/, got };
  }
}
