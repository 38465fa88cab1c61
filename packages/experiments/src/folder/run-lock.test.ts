import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { lockRun } from './run-lock.ts';

const nobody = () => undefined;
const folder = () => mkdtempSync(join(tmpdir(), 'run-lock-'));

test(
  "a run's folder is one process's, also where its sweep is stopped; then the next one's",
  {
    timeout: 30_000,
  },
  async () => {
    const out = folder();
    const release = await lockRun(out, nobody, nobody);
    await expect(lockRun(out, nobody, nobody)).rejects.toThrow(
      `${out}: expected no other process at work in it, got process ${process.pid}`,
    );
    release();
    expect(existsSync(join(out, 'run.lock'))).toBe(false);
  },
);

test('a lock of a process that is dead, or another by now, or cut off, is stale', async () => {
  const out = folder();
  const path = join(out, 'run.lock');
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.on('exit', resolve));
  const holder = (pid: number | undefined) =>
    JSON.stringify({ pid, host: hostname(), started: '1' });
  const old = new Date(Date.now() - 3_600_000);
  for (const text of [holder(dead.pid), holder(process.pid), '', '{"pid":', 'null']) {
    writeFileSync(path, text);
    utimesSync(path, old, old);
    (await lockRun(out, nobody, nobody))();
  }
});

test(
  "another machine's lock counts while it is touched; from the future it is stale",
  {
    timeout: 30_000,
  },
  async () => {
    const out = folder();
    const path = join(out, 'run.lock');
    writeFileSync(path, JSON.stringify({ pid: 7, host: 'elsewhere', started: null }));
    await expect(lockRun(out, nobody, nobody)).rejects.toThrow('got process 7 of elsewhere');
    const future = new Date(Date.now() + 3_600_000);
    utimesSync(path, future, future);
    const notes: string[] = [];
    (await lockRun(out, (line) => notes.push(line), nobody))();
    expect(notes).toEqual([
      `${path}: expected a lock of now or before, got one of the future: stale, removed`,
    ]);
  },
);

test('a lost lock is one line', { timeout: 10_000 }, async () => {
  const out = folder();
  const path = join(out, 'run.lock');
  const lines: string[] = [];
  const release = await lockRun(out, nobody, (line) => lines.push(line));
  expect(readFileSync(path, 'utf8')).toContain(String(process.pid));
  rmSync(path);
  await vi.waitFor(() => {
    expect(lines).toHaveLength(1);
  }, 5000);
  expect(lines[0]).toBe(
    `${path}: expected the lock of process ${process.pid}, got it lost; the run stops`,
  );
  release();
});
