// Kills sweeps at random moments and starts them again, until they are done: what they find must be
// what a sweep finds that was left alone: the bytes of its results, and the values of its weights.
// Not part of the tests, for its time.
//
//   npx nx run experiments:build && npx nx run engine:runtime
//   node tools/campaigns/kill-sweeps.mjs --sweeps 5 --seed 1
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '@noisy-pairs/imaging';
import { changedFiles } from './sweeps/changed-files.mjs';

const { values } = parseArgs({
  options: {
    sweeps: { type: 'string', default: '5' },
    seed: { type: 'string', default: '0' },
    recipe: { type: 'string', default: 'smoke' },
    /** Longest time that a sweep is left alone, in seconds. */
    longest: { type: 'string', default: '12' },
    /** Text of every sweep; default: a file in a temporary folder. */
    log: { type: 'string' },
  },
});
const program = new URL('../../packages/experiments/dist/commands/sweep.js', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'kill-sweeps-'));
const log = values.log ?? join(folder, 'log.txt');
const command = (out) => [fileURLToPath(program), '--recipe', values.recipe, '--out', out];

/** Whom what is sent: a minus is the sweep's process group, which is its runs too. */
const ways = {
  'all killed': (pid) => process.kill(-pid, 'SIGKILL'),
  'the sweep alone killed': (pid) => process.kill(pid, 'SIGKILL'),
  'asked to end': (pid) => process.kill(pid, 'SIGTERM'),
};
const counts = { ...Object.fromEntries(Object.keys(ways).map((way) => [way, 0])), refused: 0 };

/** Starts the sweep, and ends it in a way after so long. @returns whether it was done before */
async function startAndEnd(out, way, milliseconds) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, command(out), { stdio, detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (said = (said + text).slice(-4000)));
  let isEnded = false;
  const timer = setTimeout(() => {
    isEnded = true;
    counts[way]++;
    ways[way](child.pid);
  }, milliseconds);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    // not `close`, which waits for runs that outlive their sweep
    child.on('exit', (...end) => resolve(end));
  });
  clearTimeout(timer);
  appendFileSync(log, `\n${out}: ${code ?? signal}\n${said}`);
  if (code === 0 || isEnded) return code === 0;
  // what another process still writes to is not touched
  if (!said.includes('expected no other process at work in it'))
    throw new Error(`exit code ${code}: ${said.trim().split('\n').at(-1)}`);
  counts.refused++;
  return false;
}

const whole = join(folder, 'whole');
const { status, stderr } = spawnSync(process.execPath, command(whole), { encoding: 'utf8' });
if (status !== 0)
  throw new Error(`${values.recipe}: expected a sweep to compare with, got ${stderr}`);

const random = Random.from(Number(values.seed)).split('kill-sweeps');
let same = 0;
for (let sweep = 0; sweep < Number(values.sweeps); sweep++) {
  const out = join(folder, `sweep${sweep}`);
  const next = () => [
    Object.keys(ways)[random.int(Object.keys(ways).length)],
    1000 * random.range(0.5, Number(values.longest)),
  ];
  try {
    while (!(await startAndEnd(out, ...next())));
    const changed = changedFiles(whole, out);
    if (changed.length === 0) same++;
    else console.error(`${out}: DIFFERENT: ${changed.join(', ')}`);
  } catch (error) {
    console.error(`${out}: FAILED: ${error.message}`);
  }
}
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const { refused, ...kills } = counts;
row(['sweeps', ...Object.keys(kills), 'starts refused, another at work', 'same in the end']);
row(Array(Object.keys(kills).length + 3).fill('--:'));
row([values.sweeps, ...Object.values(kills), refused, same]);
if (same < values.sweeps) console.error(`their folders and ${log} are kept`);
process.exitCode = same < values.sweeps ? 1 : 0;
