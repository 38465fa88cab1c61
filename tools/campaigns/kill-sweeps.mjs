// Kills sweeps at random moments and starts them again, until they are done: what they find must be
// the very bytes of a sweep that was left alone. Not part of the tests, for its time.
//
//   npx nx run experiments:build && node tools/campaigns/kill-sweeps.mjs --sweeps 5 --seed 1
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '@noisy-pairs/imaging';

const { values } = parseArgs({
  options: {
    sweeps: { type: 'string', default: '5' },
    seed: { type: 'string', default: '0' },
    recipe: { type: 'string', default: 'smoke' },
    /** Longest time that a sweep is left alone, in seconds. */
    longest: { type: 'string', default: '12' },
  },
});
const program = new URL('../../packages/experiments/dist/commands/sweep.js', import.meta.url);
const files = ['results.csv', 'summary.json', 'plot.svg'];
const folder = mkdtempSync(join(tmpdir(), 'kill-sweeps-'));
const command = (out) => [fileURLToPath(program), '--recipe', values.recipe, '--out', out];

/** Starts the sweep and kills its process group after so long. @returns whether it ended before */
function startAndKill(out, milliseconds) {
  const child = spawn(process.execPath, command(out), { stdio: 'ignore', detached: true });
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), milliseconds);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === null && code !== 0) reject(new Error(`${out}: exit code ${code}`));
      resolve(signal === null);
    });
  });
}

const whole = join(folder, 'whole');
const { status, stderr } = spawnSync(process.execPath, command(whole), { encoding: 'utf8' });
if (status !== 0)
  throw new Error(`${values.recipe}: expected a sweep to compare with, got ${stderr}`);

const random = Random.from(Number(values.seed)).split('kill-sweeps');
let kills = 0;
let different = 0;
for (let sweep = 0; sweep < Number(values.sweeps); sweep++) {
  const out = join(folder, `sweep${sweep}`);
  while (!(await startAndKill(out, 1000 * random.range(0.5, Number(values.longest))))) kills++;
  const changed = files.filter(
    (file) => !readFileSync(join(out, file)).equals(readFileSync(join(whole, file))),
  );
  different += changed.length > 0 ? 1 : 0;
  console.log(`${out}: ${changed.length > 0 ? `DIFFERENT: ${changed.join(', ')}` : 'the same'}`);
}
console.log(`${values.sweeps} sweeps, ${kills} kills, ${different} different; ${folder}`);
process.exitCode = different > 0 ? 1 : 0;
