// The whole campaign: damaged files of every reader, killed sweeps, full disks. It takes from
// minutes to hours, by its counts, and is no part of the tests.
//
//   npx nx run experiments:build
//   node tools/campaigns/campaign.mjs --count 500 --sweeps 20 --python /tmp/peer/bin/python
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' },
    /** Damaged files of each reader. */
    count: { type: 'string', default: '200' },
    /** Sweeps that are killed; 0 = none. */
    sweeps: { type: 'string', default: '5' },
    /** Sizes of full disks, as shares of what a sweep takes; empty = none. */
    levels: { type: 'string', default: '0.02,0.3,0.6,0.9' },
    /** A Python with rasterio, Pillow and shapely. */
    python: { type: 'string' },
  },
});
const { seed, count, sweeps, levels, python } = values;
const peer = python === undefined ? [] : ['--python', python];
const parts = [
  { name: 'damage-files', flags: ['--seed', seed, '--count', count, ...peer], wanted: count > 0 },
  { name: 'kill-sweeps', flags: ['--seed', seed, '--sweeps', sweeps], wanted: sweeps > 0 },
  { name: 'full-disk', flags: ['--levels', levels], wanted: levels !== '' },
];
for (const { name, flags } of parts.filter(({ wanted }) => wanted)) {
  const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  console.log(`\n${name} ${flags.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [program, ...flags], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
