// The smoke sweep on a real SLURM of three nodes and on a real Redis with three workers.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { programFile, runProgram, temporary, timeout } from '../fixtures/programs.ts';
import { startRedis } from '../fixtures/redis-server.ts';
import { startSlurm } from '../fixtures/slurm-cluster.ts';
import { until } from '../fixtures/stand-in-sweep.ts';

const whole = join(temporary(), 'whole');
const smoke = (out: string, ...flags: string[]) => [
  ...['--recipe', 'smoke', '--seeds', '1', '--out', out],
  ...flags,
];
const started: ChildProcess[] = [];
beforeAll(() => {
  expect(runProgram('sweep', smoke(whole)).status).toBe(0);
}, timeout);
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  for (const stop of cleanUp) await stop();
}, 60_000);

/** A command as a process of its own. */
function start(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [programFile(name), ...args], {
    env: { ...process.env, ...env },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, output: () => output };
}

/** Waits until a run of a sweep has a checkpoint. */
const untilUnderWay = (out: string) =>
  until(() => existsSync(join(out, 'runs', 'clean-seed0', 'checkpoint.safetensors')));

function expectSameBytes(out: string): void {
  for (const file of ['results.csv', 'summary.json', 'plot.svg'])
    expect(readFileSync(join(out, file), 'utf8'), file).toBe(
      readFileSync(join(whole, file), 'utf8'),
    );
}

test(
  'on SLURM: a driver killed by KILL and started again; the same bytes',
  { timeout },
  async () => {
    const cluster = startSlurm(5);
    cleanUp.push(() => {
      cluster.stop();
    });
    const out = join(temporary(), 'slurm');
    const flags = smoke(out, '--on', 'slurm');
    const first = start('sweep', flags, cluster.env);
    await untilUnderWay(out);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(first.output()).toMatch(/^0 with SLURM already, 4 handed over$/m);
    const { status, stdout, stderr } = runProgram('sweep', flags, cluster.env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toMatch(/[1-9] handed over$/m);
    expectSameBytes(out);
  },
);

test('on Redis: left by Ctrl-C, cancelled, begun anew; the same bytes', { timeout }, async () => {
  const server = await startRedis();
  cleanUp.push(() => server.kill());
  const url = server.newUrl();
  const env = { REDIS_PASSWORD: server.password };
  const workers = [1, 2, 3].map(() => start('worker', ['--on', url], env));
  const out = join(temporary(), 'redis');
  const flags = smoke(out, '--on', url);
  const first = start('sweep', flags, env);
  await untilUnderWay(out);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(1);
  expect(first.output()).toMatch(
    /no longer watched: the runs go on with Redis at [\d.:]+; the same/,
  );
  const cancelled = runProgram('sweep', [...flags, '--cancel'], env);
  expect([cancelled.status, cancelled.stderr]).toEqual([0, '']);
  expect(cancelled.stdout).toMatch(/^[1-4] runs are ended or not begun; the same command goes on/m);
  await until(() => workers.every(({ output }) => isIdle(output())));
  const { status, stdout, stderr } = runProgram('sweep', flags, env);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^0 with Redis at [\d.:]+ already, [1-4] handed over$/m);
  expectSameBytes(out);
  for (const { child } of workers) child.kill('SIGTERM');
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
});

/** Whether all runs that a worker has told of have ended. */
function isIdle(output: string): boolean {
  const count = (word: string) => output.split('\n').filter((line) => line.startsWith(word)).length;
  return count('started') === count('finished') + count('cancelled') + count('FAILED');
}
