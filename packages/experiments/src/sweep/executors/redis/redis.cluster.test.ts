// A real Redis and real workers; runs are stand-ins. A lock of theirs lasts 3 s, not 30 s.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startRedis, type RedisServer } from '../../../fixtures/redis-server.ts';
import {
  drive,
  journal,
  standInSweep,
  startsOf,
  tell,
  until,
  untilCheckpoint,
  untilStarts,
} from '../../../fixtures/stand-in-sweep.ts';
import { redis } from './redis.ts';

let server: RedisServer;
const started: ChildProcess[] = [];
beforeAll(async () => {
  server = await startRedis();
  vi.stubEnv('REDIS_PASSWORD', server.password);
}, 120_000);
afterEach(() => {
  for (const child of started.splice(0)) signalAll(child, 'SIGKILL');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.kill();
});

const program = fileURLToPath(new URL('../../../fixtures/redis-worker.mjs', import.meta.url));

/** A worker as a process of its own; resolves when it waits for runs. */
async function startWorker(url: string) {
  const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await until(() => output.includes('waits for runs'));
  return { child, ended, output: () => output };
}

/** Processes that a worker has started. */
const childrenOf = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid ?? 0}/task/${pid ?? 0}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);

/** Sends a signal to a worker and its runs. */
function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const runs = childrenOf(child);
  child.kill(signal);
  for (const pid of runs) process.kill(pid, signal);
}

test('three workers do all once; what fails or is killed is told, and no password', async () => {
  const { out, all, one } = await standInSweep();
  const url = server.newUrl();
  const engine = redis(url, false);
  const workers = await Promise.all([1, 2, 3].map(() => startWorker(url)));
  const runs = [...all('quick'), ...all('failing'), one('killed')];
  const { ended, notes, done } = drive(engine, runs);
  await done;
  const log = ({ folder }: { folder: string }) => join(folder, 'log.txt');
  expect(ended.sort()).toEqual(
    [
      ...all('quick').map(({ name }) => `${name}: done`),
      ...all('failing').map(
        (run) => `${run.name}: exit code 7: Error: the loss went up (${log(run)})`,
      ),
      `${one('killed').name}: killed by SIGKILL: no output (${log(one('killed'))})`,
    ].sort(),
  );
  for (const run of all('quick')) expect(journal(run)).toEqual(['start 0', 'end']);
  expect(journal(one('killed'))).toEqual(['start 0', 'start 0', 'start 0']);
  expect(notes).toEqual([`0 with ${engine.name} already, 17 handed over`]);
  await engine.close();
  for (const { child } of workers) child.kill('SIGTERM');
  expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual([0, 0, 0]);
  const files = readdirSync(out, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(server.password);
  for (const { output } of workers) expect(output()).not.toContain(server.password);
}, 90_000);

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a worker that ends by %s: another goes on from the checkpoint, once',
  async (signal) => {
    const { one } = await standInSweep();
    const slow = one('untilTold');
    const url = server.newUrl();
    const engine = redis(url, false);
    const first = await startWorker(url);
    const { ended, done } = drive(engine, [slow]);
    await untilCheckpoint(slow);
    await startWorker(url);
    first.child.kill(signal);
    await untilStarts(slow, 2);
    await untilCheckpoint(slow);
    tell(slow);
    await done;
    expect(ended).toEqual([`${slow.name}: done`]);
    expect(startsOf(slow)).toEqual(['start 0', expect.stringMatching(/^start [1-9]/)]);
    if (signal === 'SIGTERM') expect(await first.ended).toBe(0);
    await engine.close();
  },
  120_000,
);

test('a worker that is not heard of for a while: its copy steps back, one result', async () => {
  const { one } = await standInSweep();
  const slow = one('untilTold');
  const url = server.newUrl();
  const engine = redis(url, false);
  const first = await startWorker(url);
  const { ended, done } = drive(engine, [slow]);
  await untilCheckpoint(slow);
  signalAll(first.child, 'SIGSTOP');
  await startWorker(url);
  await untilStarts(slow, 2);
  signalAll(first.child, 'SIGCONT');
  await until(() => journal(slow).includes('steps back') || first.output().includes('left'));
  await untilCheckpoint(slow);
  tell(slow);
  await done;
  expect(ended).toEqual([`${slow.name}: done`]);
  expect(startsOf(slow).length).toBe(2);
  expect(journal(slow).filter((line) => line === 'end')).toEqual(['end']);
  await until(() => childrenOf(first.child).length === 0);
  await engine.close();
}, 120_000);

test('Redis killed and started again loses nothing, FLUSHALL no result', async () => {
  const { all, one } = await standInSweep();
  const slow = one('untilTold');
  const url = server.newUrl();
  const engine = redis(url, false);
  const worker = await startWorker(url);
  const { ended, notes, done } = drive(engine, [slow, ...all('quick')]);
  await until(() => ended.length === 12);
  await new Promise((resolve) => setTimeout(resolve, 1500)); // fsync comes every second
  await server.kill();
  await untilCheckpoint(slow); // the run goes on without
  await server.restart();
  const running = async () => (await engine.states([slow])).get(slow.name)?.is === 'running';
  await until(running);
  expect(worker.output()).toContain('connection lost; tried again');
  expect(startsOf(slow)).toEqual(['start 0']);
  await server.do(url, 'FLUSHALL');
  await until(() => notes.some((line) => line.includes('lost by')));
  await untilStarts(slow, 2);
  await untilCheckpoint(slow);
  tell(slow);
  await done;
  expect(ended.sort()).toEqual([slow, ...all('quick')].map(({ name }) => `${name}: done`).sort());
  expect(startsOf(slow)).toEqual(['start 0', expect.stringMatching(/^start [1-9]/)]);
  for (const run of all('quick')) expect(journal(run)).toEqual(['start 0', 'end']);
  expect(notes.at(-1)).toBe(`${slow.name}: lost by ${engine.name}, handed over again`);
  await engine.close();
}, 120_000);

test('a driver that is gone is taken up; what is cancelled stops, to be begun anew', async () => {
  const { all } = await standInSweep();
  const [slow, waiting, other] = all('untilTold');
  if (!slow || !waiting || !other) expect.fail();
  const url = server.newUrl();
  const engine = redis(url, false);
  await startWorker(url); // of two runs at once
  const runs = [slow, other, waiting];
  await drive(engine, runs, { detach: true }).done;
  await Promise.all([untilCheckpoint(slow), untilCheckpoint(other)]);
  const second = drive(engine, runs);
  await until(() => second.seen.size === 2);
  second.stop.abort();
  await second.done;
  expect([second.ended, second.notes]).toEqual([
    [],
    [`3 with ${engine.name} already, 0 handed over`],
  ]);
  await engine.cancel(runs);
  for (const run of [slow, other])
    await until(() => /^leaves 143 at \d+$/.test(journal(run).at(-1) ?? ''));
  expect(journal(waiting)).toEqual([]);
  const isGone = async () => {
    const states = await engine.states(runs);
    return [...states.values()].every(({ is }) => is !== 'waiting' && is !== 'running');
  };
  await until(isGone);
  const third = drive(engine, runs);
  runs.forEach(tell);
  await third.done;
  expect(third.notes).toEqual([`0 with ${engine.name} already, 3 handed over`]);
  expect(third.ended.sort()).toEqual(runs.map(({ name }) => `${name}: done`).sort());
  await engine.close();
}, 120_000);
