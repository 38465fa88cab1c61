// Runs sweeps on file systems that are too small, at several sizes: each must end with lines that
// name files, and go on, once there is space, to the very bytes of a sweep that had it all along.
// It mounts a tmpfs, so it needs root on Linux.
//
//   npx nx run experiments:build && node tools/campaigns/full-disk.mjs --levels 0.1,0.5,0.9
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    recipe: { type: 'string', default: 'smoke' },
    /** Sizes, as shares of what a whole sweep takes. */
    levels: { type: 'string', default: '0.02,0.3,0.6,0.9' },
  },
});
const program = new URL('../../packages/experiments/dist/commands/sweep.js', import.meta.url);
const files = ['results.csv', 'summary.json', 'plot.svg'];
const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));

function sweep(out) {
  const flags = ['--recipe', values.recipe, '--out', out];
  const command = [fileURLToPath(program), ...flags];
  return spawnSync(process.execPath, command, { encoding: 'utf8' });
}

/** Bytes on a file system of whole pages. */
const bytesOf = (path) =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 4096) * 4096)
    .reduce((sum, size) => sum + size, 0);

/** Lines on a full disk that name no file below the folder. */
const unnamed = (text, out) =>
  text.split('\n').filter((line) => line.includes('ENOSPC') && !line.includes(out));

const whole = join(folder, 'whole');
const { status, stderr } = sweep(whole);
if (status !== 0)
  throw new Error(`${values.recipe}: expected a sweep to compare with, got ${stderr}`);
const total = bytesOf(whole);
let faults = 0;
console.log('| share of the space | exit code | lines on the full disk | without a file | after |');
console.log('| --: | --: | --: | --: | --- |');
for (const level of values.levels.split(',').map(Number)) {
  const mount = join(folder, `level-${level}`);
  mkdirSync(mount);
  const size = (bytes) => `size=${Math.ceil(bytes / 4096) * 4096}`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', size(level * total), 'tmpfs', mount]);
  try {
    const out = join(mount, 'sweep');
    const full = sweep(out);
    const said = full.stdout + full.stderr;
    const lines = said.split('\n').filter((line) => line.includes('ENOSPC'));
    const without = unnamed(said, out);
    execFileSync('mount', ['-o', `remount,${size(4 * total)}`, mount]);
    const again = sweep(out);
    const changed = files.filter(
      (file) => again.status !== 0 || !readFileSync(join(out, file)).equals(wholeOf(file)),
    );
    const isUntold = full.status !== 0 && lines.length === 0;
    const isWrong = isUntold || without.length > 0;
    if (isWrong || changed.length > 0) {
      faults++;
      console.error([...without, again.stderr, said].join('\n').slice(0, 4000));
    }
    const after = changed.length > 0 ? `DIFFERENT: ${changed.join(', ')}` : 'the same';
    console.log(`| ${[level, full.status, lines.length, without.length, after].join(' | ')} |`);
  } finally {
    execFileSync('umount', [mount]);
  }
}
process.exitCode = faults > 0 ? 1 : 0;

function wholeOf(file) {
  return readFileSync(join(whole, file));
}
