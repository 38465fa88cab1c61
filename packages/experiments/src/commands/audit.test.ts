// An audit of a user's own pairs: real processes, real training, in the small.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRaster, encodePng, Random } from '@noisy-pairs/imaging';
import { beforeAll, expect, test } from 'vitest';
import { openParts } from '../data/folders/parts.ts';
import { programFile, runProgram, timeout } from '../fixtures/programs.ts';

const edge = 32;

async function image(seed: string, channels: 1 | 3): Promise<Uint8Array> {
  const raster = createRaster(edge, edge, channels);
  const random = Random.from(seed);
  raster.data.forEach((_, i) => {
    raster.data[i] = channels === 1 ? (i % edge < 8 ? 255 : 0) : 10 + random.int(240);
  });
  return encodePng(raster);
}

/** Pairs of six places with masks of change. */
async function pairs(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'audit ü-'));
  for (const side of ['A', 'B', 'label']) {
    mkdirSync(join(root, side));
    for (let i = 0; i < 6; i++)
      writeFileSync(
        join(root, side, `ort${i}.png`),
        await image(`${side}${i}`, side === 'label' ? 1 : 3),
      );
  }
  return root;
}

const small = [
  ...['pretrain.steps=60', 'pretrain.holdSteps=1', 'pretrain.warmupSteps=1'],
  ...['pretrain.checkpointEvery=5', 'pretrain.logEvery=15'],
  ...['head.epochs=1', 'head.learningRates=[0.1]', 'supervised.epochs=1'],
  ...['encoder.width=8', 'views.size=16', 'pretrain.batchSize=8', 'predictions=0'],
].flatMap((setting) => ['--set', setting]);
const audit = (...args: string[]) => runProgram('audit', args);

/** An audit that was left alone, of pairs of its own. */
let root = '';
let told = '';
const of = (out: string) => [
  '--data',
  root,
  '--size',
  '16',
  '--seeds',
  '1',
  '--out',
  out,
  ...small,
];
const reference = () => join(root, 'results');
beforeAll(async () => {
  root = await pairs();
  const { stdout, stderr, status } = audit(...of(reference()), '--task', 'change');
  expect(status, stderr).toBe(0);
  told = stdout;
}, timeout);

/** The same audit with one run less, and without a report. */
function withoutOneRun(name: string): string {
  const out = join(root, name);
  cpSync(reference(), out, { recursive: true });
  for (const file of ['runs/keep-seed0', 'report.html', 'summary.json', 'results.csv'])
    rmSync(join(out, file), { recursive: true });
  return out;
}

test('an audit comes to its report and its encoder; one seed cannot tell', () => {
  expect(told).toContain('Cannot tell whether to filter.');
  expect(told).toContain('One seed has no test.');
  expect(told).toContain('it says nothing on segmentation');
  expect(told).toMatch(
    /robust loss: left out, as it does not learn \(loss \d+\.\d+ after 60 steps/,
  );
  expect(existsSync(join(reference(), 'encoder.safetensors'))).toBe(true);
  const report = readFileSync(join(reference(), 'report.html'), 'utf8');
  expect(report).toContain('<h1>Should these pairs be filtered?</h1>');
  expect(report).toContain('IoU of change');
  expect(report).toContain('left out: RINCE did not learn');
});

test('an audit that is killed while it trains comes to the same bytes', { timeout }, async () => {
  const out = withoutOneRun('killed');
  const run = join(out, 'runs', 'keep-seed0');
  const options = { stdio: 'ignore', detached: true } as const; // a process group of its own
  const killed = spawn(process.execPath, [programFile('audit'), ...of(out)], options);
  while (!existsSync(join(run, 'checkpoint.safetensors'))) await pause(5);
  process.kill(-(killed.pid ?? NaN), 'SIGKILL');
  await once(killed, 'close');
  expect(existsSync(join(run, 'result.json'))).toBe(false);
  expect(audit(...of(out)).status).toBe(0);
  for (const file of ['summary.json', 'results.csv', 'encoder.safetensors', 'scores.json'])
    expect(readFileSync(join(out, file)), file).toEqual(readFileSync(join(reference(), file)));
});

test('a file that cannot be read any more is named in the last line', { timeout }, async () => {
  const out = withoutOneRun('unreadable');
  const { index, train } = await openParts({
    ...{ index: join(out, 'index.jsonl'), scores: join(out, 'scores.json') },
  });
  // the report shows crops of the lowest and of the highest scores
  const order = [...train].sort((a, b) => a.score - b.score);
  const shown = [order[0], ...order.slice(-2)].map((crop) => crop?.pair);
  const unseen = train.find(({ pair }) => !shown.includes(pair));
  const file = join(root, 'A', `${index.pairs[unseen?.pair ?? NaN]?.name ?? ''}.png`);
  const whole = readFileSync(file);
  const middle = whole.length >> 1;
  // as large as before: a file of another size is refused before any run
  writeFileSync(file, Buffer.from(whole).fill(7, middle));
  const { stderr, status } = audit(...of(out));
  writeFileSync(file, whole);
  expect(status).toBe(1);
  const last = stderr.trim().split('\n').at(-1);
  expect(last).toContain('experiments:audit: 1 of 8 runs failed, one by ');
  expect(last).toContain(file);
  expect(last).toMatch(/keep-seed0\/log\.txt$/);
});

test('a dry run tells the time, and leaves nothing', { timeout }, () => {
  const out = join(root, 'dry');
  const { stdout } = audit(...of(out), '--processes', '1', '--dry-run');
  expect(stdout).toMatch(/^audit: 8 runs, 1 at a time; into .*dry$/m);
  expect(stdout).toMatch(
    /^about \d+ minutes, by 1 at a time, from timed steps; a run about 1 min/m,
  );
  expect(existsSync(out)).toBe(false);
});

test('without labels there is a description, and no verdict', { timeout }, () => {
  const out = join(root, 'described');
  const { stdout } = audit('--data', root, '--task', 'none', '--size', '16', '--out', out);
  expect(stdout).toContain('no verdict');
  expect(existsSync(join(out, 'review.html'))).toBe(true);
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});

test('a folder without pairs is refused in one line', () => {
  const empty = mkdtempSync(join(tmpdir(), 'audit-'));
  const { stderr, status } = audit('--data', empty, '--out', join(empty, 'out'));
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^experiments:audit: .*: expected pairs, got none among 0 images/);
});
