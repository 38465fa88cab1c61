// The sweep as a user has it: real processes, real training, in the small.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { beforeAll, expect, test } from 'vitest';
import { programFile, runProgram, temporary, timeout } from '../fixtures/programs.ts';
import type { SweepSummary } from '../report/summary/summary.ts';
import type { RunResult } from '../run/result/run-result.ts';

const sweep = (...args: string[]) => runProgram('sweep', args);

/** A sweep that was left alone. */
const whole = join(temporary(), 'whole');
let first: ReturnType<typeof sweep>;
beforeAll(() => {
  first = sweep('--recipe', 'smoke', '--out', whole);
}, timeout);

test('steps are compiled; a line a run, a table and exit code 0', () => {
  expect(first.stderr).toBe('');
  expect(first.status).toBe(0);
  expect(first.stdout).toContain('steps compiled in float32');
  expect(readFileSync(join(whole, 'runs', 'clean-seed0', 'log.txt'), 'utf8')).toMatch(
    /^pretraining: compiled step of \d+ ops in \d+ ms, float32$/m,
  );
  expect(first.stdout).toMatch(/8\/8 runs done/);
  expect(first.stdout).toMatch(/clean pairs +│/);
});

test(
  'killed half-way and started again, it ends with the bytes of one that was not',
  { timeout },
  async () => {
    const broken = join(temporary(), 'broken');
    const child = spawn(
      process.execPath,
      [programFile('sweep'), '--recipe', 'smoke', '--out', broken, '--processes', '1'],
      { stdio: 'ignore' },
    );
    // Until a pretraining run has a checkpoint and is not done.
    const checkpoint = join(broken, 'runs', 'clean-seed0', 'checkpoint.safetensors');
    while (!existsSync(checkpoint)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(existsSync(join(broken, 'results.csv'))).toBe(false);
    const again = sweep('--recipe', 'smoke', '--out', broken);
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/[23] runs were done already/);
    for (const file of ['results.csv', 'summary.json', 'plot.svg'])
      expect(readFileSync(join(broken, file), 'utf8'), file).toBe(
        readFileSync(join(whole, file), 'utf8'),
      );
  },
);

/** The parts of a run's result that time does not change. */
function learned(folder: string) {
  const file = readFileSync(join(folder, 'result.json'), 'utf8');
  const { pretraining, segmentation } = JSON.parse(file) as RunResult;
  return [pretraining, segmentation].map((part) => ({ ...part, seconds: 0 }));
}

test('a run by itself, wherever it is done, gives the bytes of the sweep', () => {
  const [name, out] = [join(whole, 'runs', 'clean-seed0'), join(temporary(), 'alone')];
  const { status } = runProgram('run', ['--config', join(name, 'config.json'), '--out', out]);
  expect(status).toBe(0);
  expect(learned(out)).toEqual(learned(name));
});

test(
  'a copy that was thought lost and goes on steps back before the one that was started later',
  { timeout },
  async () => {
    const [name, out] = [join(whole, 'runs', 'clean-seed0'), join(temporary(), 'two')];
    const args = ['--config', join(name, 'config.json'), '--out', out];
    const older = spawn(process.execPath, [programFile('run'), ...args]);
    const said = { out: '', err: '' };
    older.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
    older.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
    const ended = new Promise((resolve) => older.on('close', resolve));
    while (!existsSync(join(out, 'checkpoint.safetensors')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    older.kill('SIGSTOP');
    const newer = runProgram('run', [...args, '--take-over']);
    expect([newer.status, newer.stderr]).toEqual([0, '']);
    expect(newer.stdout).toContain(`${out}: taken over from process ${older.pid ?? '?'}, since`);
    const files = () =>
      readdirSync(out).map((file) => {
        const { mtimeMs, size } = statSync(join(out, file));
        return [file, mtimeMs, size];
      });
    const left = files();
    older.kill('SIGCONT');
    expect(await ended).toBe(1);
    expect(said.err).toMatch(
      /^\S+two: expected process \d+ as its owner, got none; this one, the older, stops\n$/,
    );
    expect(files()).toEqual(left);
    expect(learned(out)).toEqual(learned(name));
    const lines = async (folder: string) =>
      (await readMetrics(join(folder, 'metrics.jsonl'))).map(({ step, loss }) => [step, loss]);
    expect(await lines(out)).toEqual(await lines(name));
  },
);

test('started again, it does nothing', { timeout }, () => {
  const times = () =>
    readdirSync(join(whole, 'runs')).map(
      (name) => statSync(join(whole, 'runs', name, 'result.json')).mtimeMs,
    );
  const before = times();
  const third = sweep('--recipe', 'smoke', '--out', whole);
  expect(third.stdout).toMatch(/8 runs were done already/);
  expect(third.stdout).not.toMatch(/started/);
  expect(times()).toEqual(before);
});

test('the report is one page that loads nothing, with the numbers of the table', async () => {
  const run = readdirSync(join(whole, 'runs', 'clean-seed0'));
  for (const file of [
    'config.json',
    'metrics.jsonl',
    'events.out.tfevents.0.noisy-pairs',
    'result.json',
    'encoder.safetensors',
    'predictions',
  ])
    expect(run).toContain(file);

  const report = readFileSync(join(whole, 'report.html'), 'utf8');
  expect(report).not.toMatch(/(src|href)="(?!data:)/);
  expect(report.match(/<svg/g)?.length).toBe(2);
  const {
    panels: [panel],
    verdicts,
  } = JSON.parse(readFileSync(join(whole, 'summary.json'), 'utf8')) as SweepSummary & {
    verdicts: string[];
  };
  expect(panel?.cells.length).toBe(4);
  for (const { score } of panel?.cells ?? []) expect(report).toContain(score?.mean.toFixed(3));
  expect(report).toContain(verdicts[0]?.slice(0, 60));
  // Pretraining was watched: every second epoch of four steps, and at the end.
  const lines = await readMetrics(join(whole, 'runs', 'clean-seed0', 'metrics.jsonl'));
  expect(
    lines.filter(({ knnAccuracy }) => knnAccuracy !== undefined).map(({ step }) => step),
  ).toEqual([8, 16, 24]);
  expect(lines.at(-1)?.['lossAboveRandom']).toBeCloseTo(
    (lines.at(-1)?.['loss'] ?? NaN) - (Math.log(65) + 1 / (2 * 16 * 0.2 ** 2)),
    6,
  );
});

test(
  "it may begin with a run's weights: in place of the random encoder they are measured as the " +
    'run was',
  { timeout },
  () => {
    const weights = join(whole, 'runs', 'clean-seed0', 'encoder.safetensors');
    const begun = join(temporary(), 'begun');
    const flags = ['--recipe', 'smoke', '--seeds', '1', '--init', weights];
    const second = sweep(...flags, '--out', begun);
    expect([second.status, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toMatch(/encoder as given +│/);
    const file = join(begun, 'recipe.json');
    expect(sweep(...flags, '--dry-run', file).status).toBe(0);
    const again = sweep('--recipe', file, '--out', begun, '--dry-run');
    expect(again.stdout).toBe(readFileSync(file, 'utf8'));
    expect(again.stderr).toContain('  clean-seed0 (done)\n');
    const resultOf = (out: string, name: string) =>
      JSON.parse(readFileSync(join(out, 'runs', name, 'result.json'), 'utf8')) as RunResult;
    expect(resultOf(begun, 'random-seed0').segmentation?.meanIou).toBe(
      resultOf(whole, 'clean-seed0').segmentation?.meanIou,
    );
    expect(resultOf(begun, 'clean-seed0').pretraining?.finalLoss).not.toBe(
      resultOf(whole, 'clean-seed0').pretraining?.finalLoss,
    );
  },
);

test('another sweep does not go into the folder', { timeout }, () => {
  const other = sweep('--recipe', 'vts-moco', '--out', whole);
  expect([other.status, other.stderr]).toEqual([
    1,
    `experiments:sweep: ${whole}: expected a sweep of the same recipe and data, got another; ` +
      'choose another --out folder\n',
  ]);
});

test('a run that cannot work is kept, reported, and does not stop the others', { timeout }, () => {
  rmSync(join(whole, 'runs', 'clean-seed1', 'result.json'));
  rmSync(join(whole, 'runs', 'clean-seed1', 'encoder.safetensors'));
  // cannot be replaced by a file
  mkdirSync(join(whole, 'runs', 'clean-seed1', 'encoder.safetensors'));
  const failing = sweep('--recipe', 'smoke', '--out', whole);
  expect(failing.status).toBe(1);
  expect(failing.stdout).toMatch(/FAILED +clean-seed1/);
  expect(failing.stderr).toMatch(/1 of 8 runs failed, one by .*encoder\.safetensors: not written /);
  expect(failing.stderr).toMatch(/; their logs: .*clean-seed1\/log\.txt/);
});
