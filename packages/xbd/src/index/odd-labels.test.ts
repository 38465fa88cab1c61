import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMaskCache } from '../labels/mask-cache.ts';
import { writeSampleSet } from '../sample/sample-set.ts';
import { cropPairs } from '../sources/crops.ts';
import { indexXbd } from './index-xbd.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'xbd-odd-'));
const sample = temporary();
beforeAll(async () => {
  await writeSampleSet({ out: sample, tiles: 1, seed: 1, size: 64, layout: 'png' });
}, 60_000);

interface Feature {
  properties: Record<string, unknown>;
  wkt: string;
}
const destroyed = (wkt: string, uid = wkt): Feature => ({
  properties: { feature_type: 'building', subtype: 'destroyed', uid },
  wkt,
});
const square = 'POLYGON ((10 10, 30 10, 30 30, 10 30, 10 10))';

/** The index of one place with that label after. */
async function indexed(label: string | Buffer) {
  const root = temporary();
  cpSync(join(sample, 'train'), join(root, 'train'), { recursive: true });
  const [pair] = (await indexXbd(root)).pairs;
  if (!pair) throw new Error('expected a pair');
  writeFileSync(join(root, pair.postLabel), label);
  const { pairs, problems } = await indexXbd(root);
  return {
    root,
    pairs,
    problems: problems.map(({ what, fatal }) => `${fatal ? 'fatal' : 'note'}: ${what}`),
  };
}
const metadata = { width: 64, height: 64, disaster: 'made-up', disaster_type: 'wind' };
const text = (xy: readonly unknown[], about: unknown = metadata) =>
  JSON.stringify({ features: { xy, lng_lat: [] }, metadata: about });
const tagsOf = async ({ root, pairs }: Awaited<ReturnType<typeof indexed>>) => {
  const { crops } = await cropPairs(root, pairs, openMaskCache(), { size: 32, mostNodata: 1 });
  return crops.map(({ tag }) => tag);
};

describe('the text of a label', () => {
  const plain = text([destroyed(square)]);
  const bigEndian = Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16();
  it.each([
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${plain}`)],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['UTF-16 without', Buffer.from(plain, 'utf16le')],
    ['UTF-16 of the other order', bigEndian],
    ['UTF-16 of the other order without', bigEndian.subarray(2)],
  ])('is read in %s', async (_, bytes) => {
    const place = await indexed(bytes);
    expect(place.problems).toEqual([]);
    expect(await tagsOf(place)).toContain('noisy');
  });

  it('is refused by name in UTF-32', async () => {
    const { pairs, problems } = await indexed(Buffer.from('\0\0\uFEFF\0\0{', 'utf16le').swap16());
    expect(pairs).toEqual([]);
    expect(problems).toEqual(['fatal: expected UTF-8 text, got UTF-32']);
  });

  it('is refused by name in Latin-1, where it is no UTF-8', async () => {
    const about = { ...metadata, disaster_type: 'inondé' };
    const { pairs, problems } = await indexed(Buffer.from(text([], about), 'latin1'));
    expect(pairs).toEqual([]);
    expect(problems).toEqual(['fatal: expected UTF-8 text, got bytes of another encoding']);
  });
});

it.each([
  ['POLYGON Z ((10 10 0, 30 10 0, 30 30 0, 10 30 0, 10 10 0))'],
  ['MULTIPOLYGON (EMPTY, ((10. 10, 30 10, 30 30, 10 30, 10. 10)))'],
])('a building is never lost by its spelling: %s', async (wkt) => {
  const place = await indexed(text([destroyed(wkt)]));
  expect(place.problems).toEqual([]);
  const mask = await openMaskCache().damage(
    join(place.root, place.pairs[0]?.postLabel ?? ''),
    64,
    64,
  );
  expect(mask.data.filter((value) => value === 4).length).toBe(441);
  expect(await tagsOf(place)).toContain('noisy');
});

it('a damaged building without outline leaves no crop of its place clean', async () => {
  const place = await indexed(text([destroyed('GEOMETRYCOLLECTION EMPTY')]));
  expect(place.problems).toEqual(['note: expected buildings with an outline, got 1 without']);
  expect(await tagsOf(place)).toEqual(Array(4).fill('unknown'));
  const intact = { ...destroyed('POLYGON EMPTY'), properties: { subtype: 'no-damage' } };
  expect(await tagsOf(await indexed(text([intact])))).toEqual(Array(4).fill('clean'));
});

it('what is no building is counted, the first named', async () => {
  const wrong = [destroyed(square), null, destroyed('POLYGON ((1 2, 3 4))', 'v'), 7];
  expect((await indexed(text(wrong))).problems).toEqual([
    'fatal: building 1: expected an object, got null; so 3 of 4 buildings',
  ]);
  expect((await indexed(text([{ properties: null, wkt: square }]))).problems).toEqual([
    'fatal: expected a damage for each building after, got 1 without',
  ]);
  const far = square.replace('10 10,', '10 -2147483649,');
  expect((await indexed(text([destroyed(far)]))).problems[0]).toMatch(
    'expected coordinates within 2^31, got -2147483649',
  );
});

it('a vertex far above the image takes no time', { timeout: 5000 }, async () => {
  const place = await indexed(text([destroyed('POLYGON ((10 -1e8, 30 -1e8, 30 30, 10 30))')]));
  expect(place.problems).toEqual([
    'note: expected buildings inside the image, got 1 that stick out, the farthest by 100000000 ' +
      'pixels',
  ]);
  expect(await tagsOf(place)).toContain('noisy');
});

it('a uid twice is said', async () => {
  const both = [destroyed(square, 'u'), destroyed(square, 'u'), destroyed(square, 'v')];
  const { pairs, problems } = await indexed(text(both));
  expect(pairs.length).toBe(1);
  expect(problems).toEqual(['note: expected each uid once, got 1 more than once: u']);
});

it.each([
  ['none', {}],
  ['null', null],
  ['text for width', { ...metadata, width: '64' }],
])('a label with %s takes the size of its image', async (_, about) => {
  const { pairs, problems } = await indexed(text([destroyed(square)], about));
  expect(pairs[0]).toMatchObject({ width: 64, height: 64 });
  expect(problems).toEqual([
    "note: a label without width and height as numbers: its image's are taken",
  ]);
});

it('a cached mask that is empty, damaged or of another name is made anew', async () => {
  const { root, pairs } = await indexed(text([destroyed(square)]));
  const [folder, label] = [temporary(), join(root, pairs[0]?.postLabel ?? '')];
  const masks = openMaskCache(folder);
  const read = async () => (await masks.damage(label, 64, 64)).data;
  const whole = await read();
  const [file = ''] = pngsIn(folder);
  await masks.damage(label, 32, 32);
  const [other = ''] = pngsIn(folder).filter((path) => path !== file);
  const kept = readFileSync(file);
  const flipped = Buffer.from(kept);
  flipped[70] = (flipped[70] ?? 0) ^ 1;
  for (const bytes of ['', kept.subarray(0, 60), flipped, 'no PNG', readFileSync(other)]) {
    writeFileSync(file, bytes);
    expect(await read()).toEqual(whole);
    expect(readFileSync(file)).toEqual(kept);
  }
});

const pngsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.png'))
    .map((name) => join(folder, name));
