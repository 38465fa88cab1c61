// Damages files of every reader, thousands of them, and reads each in a process of its own.
//
//   npx nx run experiments:build
//   node tools/campaigns/damage-files.mjs --count 300 --seed 1 --python /tmp/peer/bin/python
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faults, mutateFiles, outcomes } from './files/mutate-files.mjs';
import { readerNames } from './files/readers.mjs';

const { values } = parseArgs({
  options: {
    /** Of each reader. */
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    /** Readers, with commas between them; default all. */
    only: { type: 'string', default: readerNames.join(',') },
    /** A Python with rasterio, Pillow and shapely, which tells right values from silent ones. */
    python: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'damage-files-'));
const { count, seed, python } = values;
const options = { count: Number(count), seed: Number(seed), python, folder };
const columns = [...outcomes, ...faults];
const total = Object.fromEntries(columns.map((column) => [column, 0]));
const row = (name, cells) => `| ${[name, ...cells].join(' | ')} |`;
const numbers = (counts) => [
  columns.reduce((sum, column) => sum + counts[column], 0),
  ...columns.map((column) => counts[column]),
];

console.log(row('reader', ['attempts', ...columns]));
console.log(row('---', Array(columns.length + 1).fill('--:')));
for (const name of values.only.split(',')) {
  const counts = await mutateFiles(name, options, (line) => console.error(line));
  for (const column of columns) total[column] += counts[column];
  console.log(row(name, numbers(counts)));
}
console.log(row('all', numbers(total)));
const failed = faults.reduce((sum, fault) => sum + total[fault], 0);
if (failed > 0) console.error(`${failed} faults; their files are in ${folder}`);
process.exitCode = failed > 0 ? 1 : 0;
