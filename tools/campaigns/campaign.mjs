// The whole campaign: damaged files of every reader, labels, WKT and TIFFs against other programs,
// killed sweeps, full disks, and at the end a table of its parts. It takes from minutes to hours,
// by its counts, and is no part of the tests.
//
//   npx nx run experiments:build && npx nx run engine:runtime
//   node tools/campaigns/campaign.mjs --seed 1 --count 500 --python /tmp/peer/bin/python
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' },
    /** Damaged files of each reader; ten times as many labels, texts of WKT and TIFFs. */
    count: { type: 'string', default: '200' },
    /** Sweeps that are killed; 0 = none. */
    sweeps: { type: 'string', default: '5' },
    /** Sizes of full disks, as shares of what a sweep takes; empty = none (root on Linux). */
    levels: { type: 'string', default: '0.02,0.3,0.6,0.9' },
    /** A Python with rasterio, Pillow, shapely, tifffile, imagecodecs; else less is told. */
    python: { type: 'string' },
  },
});
const { seed, sweeps, levels, python } = values;
const count = Number(values.count);
const many = ['--seed', seed, '--count', String(10 * count)];
const withPeer = python === undefined ? [] : ['--python', python];
const hasPeer = python !== undefined && count > 0;
const parts = [
  {
    file: 'damage-files.mjs',
    flags: ['--seed', seed, '--count', String(count), ...withPeer],
    wanted: count > 0,
  },
  { file: 'labels.mjs', flags: [...many, ...withPeer], wanted: hasPeer },
  { file: 'wkt.mjs', flags: [...many, ...withPeer], wanted: hasPeer },
  { file: '../tiff-variants/tiff_variants.py', flags: many, wanted: hasPeer },
  { file: 'kill-sweeps.mjs', flags: ['--seed', seed, '--sweeps', sweeps], wanted: sweeps > 0 },
  { file: 'full-disk.mjs', flags: ['--levels', levels], wanted: levels !== '' },
];
const rows = [];
for (const { file, flags, wanted } of parts) {
  const name = file.replace(/.*\//, '');
  if (!wanted) {
    rows.push([name, 'not run', '', '']);
    continue;
  }
  const program = fileURLToPath(new URL(file, import.meta.url));
  const runs = file.endsWith('.py') ? python : process.execPath;
  console.log(`\n${name} ${flags.join(' ')}\n`);
  const started = performance.now();
  const { status } = spawnSync(runs, [program, ...flags], { stdio: 'inherit' });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const shown = flags.join(' ').replace(` --python ${python}`, '');
  rows.push([name, shown, status === 0 ? 'none' : 'SOME, see above', minutes]);
  if (status !== 0) process.exitCode = 1;
}
console.log('\n| part | flags | faults | minutes |\n| --- | --- | --- | --: |');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
