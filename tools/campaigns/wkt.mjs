// Compares the polygons that packages/xbd reads in random WKT texts, half of them spoiled, with
// what shapely reads in them.
//
//   npx nx run experiments:build
//   node tools/campaigns/wkt.mjs --count 10000 --seed 1 --python /tmp/peer/bin/python
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseLabel } from '@noisy-pairs/xbd';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '0' },
    /** A Python with shapely. */
    python: { type: 'string' },
  },
});
if (values.python === undefined) throw new Error('--python: expected a Python with shapely');
const file = join(mkdtempSync(join(tmpdir(), 'wkt-')), 'texts.jsonl');
const program = fileURLToPath(new URL('../fixtures/xbd_wkt.py', import.meta.url));
execFileSync(values.python, [program, values.seed, values.count, file]);

const counts = { equal: 0, 'refused by both': 0, different: 0 };
for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
  const { wkt, polygons } = JSON.parse(line);
  const got = read(wkt);
  const isSame = JSON.stringify(got) === JSON.stringify(polygons);
  counts[isSame ? (got ? 'equal' : 'refused by both') : 'different']++;
  if (!isSame) console.error(JSON.stringify({ wkt, polygons, got }));
}
console.log(`| texts | ${Object.keys(counts).join(' | ')} |`);
console.log(`| --: |${' --: |'.repeat(Object.keys(counts).length)}`);
console.log(`| ${[values.count, ...Object.values(counts)].join(' | ')} |`);
process.exitCode = counts.different > 0 ? 1 : 0;

/** null where it is refused. */
function read(wkt) {
  try {
    const label = { features: { xy: [{ wkt }] } };
    const [building] = parseLabel(JSON.stringify(label)).buildings;
    return building.polygons.map((rings) => rings.map((ring) => [...ring]));
  } catch {
    return null;
  }
}
