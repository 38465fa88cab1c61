import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
  cpSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, encodePng } from '@noisy-pairs/imaging';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSampleSet } from '../sample/sample-set.ts';
import { readIndex, writeIndex } from './index-file.ts';
import { indexXbd } from './index-xbd.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'xbd-'));
const sample = temporary();
beforeAll(async () => {
  await writeSampleSet({ out: sample, tiles: 24, seed: 1, size: 192, layout: 'both' });
}, 60_000);
/** A copy of the sample's training part, to break. */
const copy = () => {
  const root = temporary();
  cpSync(join(sample, 'train'), join(root, 'train'), { recursive: true });
  return root;
};

describe('the index of a sample set', () => {
  it("has every pair of every layout, with its label's counts, and survives its file", async () => {
    const index = await indexXbd(sample, { pixels: true });
    expect(index.pairs.length).toBe(48);
    expect(index.problems.filter(({ fatal }) => fatal)).toEqual([]);
    expect([...new Set(index.pairs.map(({ split }) => split))].sort()).toEqual([
      'hold',
      'test',
      'tier3',
      'train',
    ]);
    for (const pair of index.pairs) {
      const {
        features: { xy },
      } = JSON.parse(readFileSync(join(sample, pair.postLabel), 'utf8')) as {
        features: { xy: { properties: { subtype: string } }[] };
      };
      expect(Object.values(pair.buildings).reduce((a, b) => a + b, 0)).toBe(xy.length);
      expect(pair.buildings.destroyed).toBe(
        xy.filter(({ properties }) => properties.subtype === 'destroyed').length,
      );
      expect(pair.preTarget === null).toBe(pair.split === 'tier3' || pair.pre.endsWith('.tif'));
      expect(pair.disaster).toMatch(/^synthetic-/);
      expect(pair).toMatchObject({ width: 192, height: 192 });
    }
    expect(index.pairs.some(({ nodataShare }) => (nodataShare ?? 0) > 0.005)).toBe(true);
    // PNG and GeoTIFF of one place
    expect(index.problems.filter(({ what }) => what.includes('also in')).length).toBe(24);
    const file = join(temporary(), 'index.json');
    await writeIndex(file, index);
    expect(await readIndex(file)).toEqual(index);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"width":192', '"width":"192"'));
    await expect(readIndex(file)).rejects.toThrow(
      `${file}: expected an index of xBD, version 1: pairs.0.width:`,
    );
    await expect(readIndex(join(file, 'none'))).rejects.toThrow(
      'expected an index of xBD, got none',
    );
  });

  it('takes a folder with images and labels in it for a split of its own', async () => {
    const { pairs } = await indexXbd(join(sample, 'geotiffs', 'tier3'));
    expect(pairs.every(({ split, pre }) => split === 'all' && pre.startsWith('images/'))).toBe(
      true,
    );
  });

  it('stops by its signal', async () => {
    await expect(
      indexXbd(sample, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});

it('what is wrong is listed with its file, and the others are indexed all the same', async () => {
  const root = copy();
  const { pairs } = await indexXbd(root);
  const built = pairs.filter(({ buildings }) =>
    Object.values(buildings).some((count) => count > 0),
  );
  const [a, b, c, d, e, f, g, h] = built;
  if (!a || !b || !c || !d || !e || !f || !g || !h) throw new Error('expected eight pairs');
  const at = (path: string) => join(root, path);
  const edit = (path: string, change: (text: string) => string) => {
    writeFileSync(at(path), change(readFileSync(at(path), 'utf8')));
  };
  rmSync(at(a.post));
  truncateSync(at(b.postLabel), 100);
  writeFileSync(at(c.pre), '');
  edit(d.postLabel, (text) => text.replace('"width":192', '"width":512'));
  edit(e.postLabel, (text) => text.replace(/("xy":.*?POLYGON \(\()/, '$1-900.5 3, '));
  edit(f.postLabel, (text) =>
    text.replace(
      /"xy":\[.*\],?\s*(?=\}|,"metadata")/,
      '"xy":[{"properties":{"feature_type":"building","subtype":"destroyed","uid":"u"},' +
        '"wkt":"POLYGON ((one two, three"}]',
    ),
  );
  writeFileSync(at(g.post), await encodePng(createRaster(48, 192, 3)));
  edit(h.postLabel, () =>
    JSON.stringify({
      features: { lng_lat: [], xy: [] },
      metadata: { width: 192, height: 192, disaster: h.disaster, disaster_type: 'wind' },
    }),
  );
  writeFileSync(join(root, 'train', 'images', 'notes.txt'), '');
  writeFileSync(join(root, 'train', 'images', '.DS_Store'), '');
  rmSync(at(h.preLabel ?? ''));

  const broken = await indexXbd(root);
  const of = ({ stem }: { stem: string }) =>
    broken.problems
      .filter((problem) => problem.stem === stem)
      .map(({ file, what, fatal }) => `${fatal ? 'fatal' : 'note'} ${file}: ${what}`);
  expect(of(a)).toEqual(['fatal : no image after']);
  expect(of(b)).toEqual([
    expect.stringMatching(`^fatal ${b.postLabel}: expected JSON, got something else or a part`),
  ]);
  expect(of(c)).toEqual([`fatal ${c.pre}: expected an image, got a file of 0 bytes`]);
  expect(of(d)).toEqual([
    `fatal ${d.postLabel}: expected a label of 192 x 192 pixels, got 512 x 192`,
  ]);
  expect(of(e)).toEqual([
    `note ${e.postLabel}: expected buildings inside the image, got 1 that stick out, the ` +
      'farthest by 901 pixels',
  ]);
  expect(of(f)).toEqual([
    `fatal ${f.postLabel}: building 0: expected a WKT POLYGON, got POLYGON ((one two, three`,
  ]);
  expect(of(g)).toEqual([`fatal ${g.post}: expected 192 x 192 pixels as before, got 48 x 192`]);
  expect(of(h)).toEqual(['note : no label before']);
  expect(broken.unknownFiles).toEqual(['train/images/notes.txt']);
  expect(broken.pairs.length).toBe(pairs.length - 6);
  expect(broken.pairs.find(({ stem }) => stem === h.stem)).toMatchObject({
    place: null,
    buildings: { destroyed: 0 },
  });
});

it('a header that claims a huge image is a problem of that file alone', async () => {
  const root = copy();
  const { pairs } = await indexXbd(root);
  const [pair] = pairs;
  if (!pair) throw new Error('expected a pair');
  const bytes = readFileSync(join(root, pair.pre));
  bytes.writeUInt32BE(100_000, 16);
  bytes.writeUInt32BE(100_000, 20);
  writeFileSync(join(root, pair.pre), bytes);
  const index = await indexXbd(root, { pixels: true });
  expect(index.pairs.length).toBe(pairs.length - 1);
  expect(index.problems.map(({ what }) => what)).toEqual([
    expect.stringContaining('expected 100000 x 100000 pixels as before, got 192 x 192'),
    expect.stringContaining('expected a label of 100000 x 100000'),
    expect.stringContaining('expected a label of 100000 x 100000'),
  ]);
});

it('a folder without xBD in it says what was looked for', async () => {
  const root = temporary();
  await expect(indexXbd(root)).rejects.toThrow(
    `xBD: expected a folder images in ${root} or below it`,
  );
  mkdirSync(join(root, 'images'));
  await expect(indexXbd(root)).rejects.toThrow(
    'xBD: expected images DISASTER_00000000_pre_disaster.png (or .tif)',
  );
  renameSync(join(root, 'images'), join(root, 'pictures'));
  await expect(indexXbd(root)).rejects.toThrow('expected a folder images');
});
