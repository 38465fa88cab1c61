// experiments:worker and --on redis://... as they are called, against a real Redis.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programFile, runProgram, temporary } from '../fixtures/programs.ts';
import { startRedis, type RedisServer } from '../fixtures/redis-server.ts';
import { standInSweep, until } from '../fixtures/stand-in-sweep.ts';
import { redis } from '../sweep/executors/redis/redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
}, 120_000);
afterAll(() => server.kill());

const withPassword = (url: string) => url.replace('//', `//:${server.password}@`);

/** experiments:worker as a process; resolves when it waits for runs, or has ended. */
async function worker(url: string) {
  const child = spawn(process.execPath, [programFile('worker'), '--on', url]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await until(() => output.includes('waits for runs') || child.exitCode !== null);
  return { child, ended, output: () => output };
}

test('a worker waits until it is stopped, and shows its password to nobody', async () => {
  const url = server.newUrl();
  const { child, ended, output } = await worker(withPassword(url));
  expect(output()).toBe(
    `waits for runs of Redis at ${url.replace(/^redis:..|.0$/g, '')}, 1 at a time\n`,
  );
  const title = readFileSync(`/proc/${child.pid ?? 0}/cmdline`, 'utf8');
  expect(title).toMatch(/^experiments:worker/);
  expect(title).not.toContain(server.password);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
}, 60_000);

test('a wrong password is one line of the worker and of the sweep, without it', async () => {
  const url = server.newUrl().replace('//', '//:wrong-one@');
  const { ended, output } = await worker(url);
  expect(await ended).toBe(1);
  expect(output()).toMatch(/^experiments:worker: Redis at [\d.:/]+: WRONGPASS [^\n]+\n$/);
  expect(output()).not.toContain('wrong-one');
  const flags = ['--recipe', 'smoke', '--out', temporary(), '--on', url];
  const { status, stderr } = runProgram('sweep', flags);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^experiments:sweep: Redis at [\d.:/]+: [^\n]*WRONGPASS[^\n]*\n$/);
  expect(stderr).not.toContain('wrong-one');
}, 60_000);

test("a worker that does not see a run's folder says so and stops", async () => {
  const url = withPassword(server.newUrl());
  const { out, one } = await standInSweep();
  const engine = redis(url, false);
  await engine.submit([one('quick')]);
  rmSync(out, { recursive: true });
  const { ended, output } = await worker(url);
  expect(await ended).toBe(1);
  expect(output()).toContain(
    `experiments:worker: ${one('quick').folder}: expected the run's folder on ${hostname()}, ` +
      'got none; this worker stops\n',
  );
  await engine.close();
}, 60_000);
