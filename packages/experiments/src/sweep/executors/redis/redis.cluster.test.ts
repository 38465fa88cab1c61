// A real Redis; runs are stand-ins, quick or slow.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRedis, type RedisServer } from '../../../fixtures/redis-server.ts';
import { recipe } from '../../../recipes/registry.ts';
import { planSweep, type PlannedRun, type SweepPlan } from '../../plan.ts';
import { prepareSweep } from '../../prepare.ts';
import { byEngine } from '../driver.ts';
import { redis } from './redis.ts';
import { redisPlace } from './redis-url.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
  vi.stubEnv('REDIS_PASSWORD', server.password);
}, 120_000);
afterAll(() => {
  server.stop();
  vi.unstubAllEnvs();
});

/** A worker as a process of its own. */
function startWorker(): { readonly child: ChildProcess; readonly ended: Promise<unknown> } {
  const child = fork(new URL('../../../fixtures/redis-worker.mjs', import.meta.url), [server.url]);
  return { child, ended: new Promise((resolve) => child.on('close', resolve)) };
}

async function planned(seeds: number): Promise<SweepPlan> {
  const out = mkdtempSync(join(tmpdir(), 'redis-sweep-'));
  const plan = planSweep({ ...recipe('smoke'), seeds }, out);
  await (await prepareSweep(plan)).release();
  return plan;
}

/** Drives runs to their ends. */
async function drive(runs: readonly PlannedRun[]): Promise<{ ended: string[]; notes: string[] }> {
  const ended: string[] = [];
  const notes: string[] = [];
  const engine = redis(server.url, false);
  const watcher = {
    start: () => undefined,
    update: () => undefined,
    end: ({ name }: PlannedRun, error?: string) => ended.push(`${name}: ${error ?? 'done'}`),
  };
  const onNote = (line: string) => notes.push(line);
  const how = { lookEvery: 100, latency: 1000, onNote };
  await byEngine({ ...engine, every: 300 }, how).execute(
    runs,
    watcher,
    new AbortController().signal,
  );
  await engine.close();
  return { ended, notes };
}

const journal = ({ folder }: PlannedRun) =>
  readFileSync(join(folder, 'journal.txt'), 'utf8').trim().split('\n');
const slowOf = ({ runs }: SweepPlan) =>
  runs.find(({ config }) => config.seed === 2) ?? expect.fail();
const isUnderWay = async ({ folder }: PlannedRun) => {
  await vi.waitFor(
    () => {
      expect(existsSync(join(folder, 'checkpoint.json'))).toBe(true);
    },
    { timeout: 20_000 },
  );
};

test('three workers do all runs once; one that fails is told, and no password', async () => {
  const plan = await planned(2);
  const workers = [1, 2, 3].map(startWorker);
  const { ended, notes } = await drive(plan.runs);
  const expected = plan.runs.map(({ name, folder, config }) =>
    config.seed === 1
      ? `${name}: exit code 7: Error: the loss went up (${join(folder, 'log.txt')})`
      : `${name}: done`,
  );
  expect(ended.sort()).toEqual(expected.sort());
  for (const run of plan.runs)
    if (run.config.seed === 0) expect(journal(run)).toEqual(['start 0', 'end']);
  expect(notes).toEqual([`0 with ${redis(server.url, false).name} already, 8 handed over`]);
  for (const { child } of workers) child.kill('SIGTERM');
  expect(await Promise.all(workers.map(({ ended: end }) => end))).toEqual([0, 0, 0]);
  const files = readdirSync(plan.out, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(server.password);
}, 60_000);

test('a worker that is killed or stopped: another goes on from the checkpoint, once', async () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const plan = await planned(3);
    const slow = slowOf(plan);
    const first = startWorker();
    const driven = drive([slow]);
    await isUnderWay(slow);
    const second = startWorker();
    first.child.kill(signal);
    expect((await driven).ended).toEqual([`${slow.name}: done`]);
    const starts = journal(slow).filter((line) => line.startsWith('start'));
    expect(starts).toEqual(['start 0', expect.stringMatching(/^start [1-9]/)]);
    second.child.kill('SIGTERM');
    await Promise.all([first.ended, second.ended]);
  }
}, 90_000);

test('a run that is cancelled stops at a checkpoint; URLs are named without secrets', async () => {
  const plan = await planned(3);
  const slow = slowOf(plan);
  const { child, ended } = startWorker();
  const engine = redis(server.url, false);
  await engine.submit([slow]);
  await isUnderWay(slow);
  await engine.cancel([slow]);
  await vi.waitFor(
    () => {
      expect(journal(slow).at(-1)).toMatch(/^leaves 143 at \d+$/);
    },
    { timeout: 10_000 },
  );
  await engine.close();
  child.kill('SIGTERM');
  await ended;
  expect(redisPlace('redis://me:it@there').title).toBe('there:6379');
  expect(() => redisPlace('http://me:it@there')).toThrow(
    /^--on: expected redis:\/\/HOST:PORT, got another kind of URL$/,
  );
}, 60_000);
