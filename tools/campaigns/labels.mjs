// Writes places of xBD with random labels, and compares what the index and the masks say of each
// with what json and shapely find: pair or not, damages, rings, uids that are there twice, outlines
// that are missing or stick out, and the pixels drawn.
//
//   npx nx run experiments:build
//   node tools/campaigns/labels.mjs --count 3000 --seed 1 --python /tmp/peer/bin/python
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRaster, writePng } from '@noisy-pairs/imaging';
import { indexXbd, openMaskCache } from '@noisy-pairs/xbd';
import { built } from './files/readers.mjs';

const { readLabel } = await import(built('xbd/dist/labels/label-text.js'));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '0' },
    /** A Python with numpy and shapely. */
    python: { type: 'string' },
  },
});
if (values.python === undefined) throw new Error('--python: expected a Python with shapely');
const size = 64;
const folder = mkdtempSync(join(tmpdir(), 'labels-'));
const root = join(folder, 'xbd');
const program = fileURLToPath(new URL('peer/write_labels.py', import.meta.url));
const images = ['pre', 'post'].map((phase) => join(folder, `${phase}.png`));
for (const image of images) await writePng(image, createRaster(size, size, 3));
execFileSync(values.python, [program, values.seed, values.count, root, ...images]);

const expected = readFileSync(join(root, 'expected.jsonl'), 'utf8').trim().split('\n');
const { pairs, problems } = await indexXbd(root);
const masks = openMaskCache();
const found = new Map(pairs.map((pair) => [pair.stem, pair]));
const counts = { equal: 0, 'drawn too': 0, 'refused by both': 0, different: 0, unnamed: 0 };
for (const { stem, pair, refused } of expected.map(JSON.parse)) {
  const own = problems.filter((problem) => problem.stem === stem);
  const got = found.get(stem);
  const fault =
    pair && got ? await differenceOf(pair, got, own) : oneSided(pair, got, own, refused);
  const isNamed = got || own.some(({ fatal, file, what }) => fatal && file && !/\n/.test(what));
  const outcome = fault ? 'different' : !isNamed ? 'unnamed' : pair ? 'equal' : 'refused by both';
  counts[outcome]++;
  if (outcome === 'equal' && pair.drawn) counts['drawn too']++;
  if (fault) console.error(`${join(root, 'train/labels', stem)}: ${fault}`);
}

/** Where only one of both has a pair; undefined where none has. */
function oneSided(pair, got, own, refused) {
  if (pair) return `a pair by shapely, refused by us: ${JSON.stringify(own)}`;
  return got ? `a pair by us, refused by the peer: ${refused}` : undefined;
}

/** The first thing that is not the same; undefined where all is. */
async function differenceOf(pair, got, own) {
  const note = (pattern) => own.map(({ what }) => pattern.exec(what)).find(Boolean);
  const numbers = (pattern) => note(pattern)?.slice(1).map(Number) ?? null;
  const label = join(root, got.postLabel);
  const { buildings } = await readLabel(label);
  const ours = {
    type: got.type,
    buildings: got.buildings,
    rings: buildings.map(({ polygons }) => polygons.map((rings) => rings.map((r) => [...r]))),
    place: got.place,
    twice: numbers(/got (\d+) more than once/)?.[0] ?? 0,
    beyond: numbers(/got (\d+) that stick out, the farthest by (\d+)/),
    empty: numbers(/with an outline, got (\d+) without/)?.[0] ?? 0,
    sizeUnknown: note(/without width and height/) !== undefined,
  };
  for (const [name, value] of Object.entries(ours)) {
    const [a, b] = [JSON.stringify(pair[name]), JSON.stringify(value)];
    if (a !== b) return `${name}: ${a} by the peer, ${b} by us`.slice(0, 1000);
  }
  if (!pair.drawn) return undefined;
  const [must, may] = pair.drawn.map((text) => Buffer.from(text, 'base64'));
  const { data } = await masks.damage(label, size, size);
  const bit = (bits, i) => (bits[i >> 3] >> (7 - (i & 7))) & 1;
  const wrong = data.findIndex((value, i) => (value ? !bit(may, i) : bit(must, i)));
  return wrong < 0 ? undefined : `pixel ${wrong % size}, ${Math.floor(wrong / size)} is wrong`;
}

console.log(`| labels | ${Object.keys(counts).join(' | ')} |`);
console.log(`| --: |${' --: |'.repeat(Object.keys(counts).length)}`);
console.log(`| ${[values.count, ...Object.values(counts)].join(' | ')} |`);
process.exitCode = counts.different + counts.unnamed > 0 ? 1 : 0;
