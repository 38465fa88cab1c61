import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { lockSweep } from './sweep-lock.ts';
import { removeUnfinishedFiles } from './unfinished-files.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'folder-'));

test('a folder that cannot be written into is told in own words', () => {
  const out = folder();
  writeFileSync(join(out, 'file'), '');
  makeFolder(join(out, 'a', 'b'));
  const message = (path: string) => {
    try {
      makeFolder(path);
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const expected = 'expected a folder to write into, got';
  const [file, below] = [join(out, 'file'), join(out, 'file', 'c', 'd')];
  expect(message(file)).toBe(`${file}: ${expected} a file of that name`);
  expect(message(below)).toBe(`${below}: ${expected} a file in its path, ${file}`);
  expect(message('/proc/none')).toMatch(
    /^\/proc\/none: expected a folder to write into, got one above it, \/proc, /,
  );
});

test('what dead processes were writing is removed, all else stays', () => {
  const out = folder();
  const kept = [
    'result.json',
    'a.txt',
    'a.1',
    'notes.2.md',
    'checkpoint.safetensors',
    'x.json.bak',
  ];
  const unfinished = [
    'checkpoint.next.safetensors.77.tmp',
    'result.json.1234',
    'metrics.jsonl.99',
    'report.html.5',
  ];
  mkdirSync(join(out, 'damage'));
  for (const name of [...kept, ...unfinished, 'damage/p.png.3']) writeFileSync(join(out, name), '');
  expect(removeUnfinishedFiles(out, true)).toHaveLength(5);
  expect(readdirSync(out).sort()).toEqual([...kept, 'damage'].sort());
  expect(readdirSync(join(out, 'damage'))).toEqual([]);
});

test('a lock from the future is stale and named; a lost one is told', async () => {
  const out = folder();
  const lock = `${out}.lock`;
  mkdirSync(lock);
  const future = new Date(Date.now() + 3_600_000);
  utimesSync(lock, future, future);
  const notes: string[] = [];
  const held = await lockSweep(out, (line) => notes.push(line));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/\.lock: expected a lock of now or before, got one of 20.*: stale, rem/);
  rmSync(lock, { recursive: true });
  await vi.waitFor(() => {
    expect(held.lost.aborted).toBe(true);
  }, 8000);
  expect((held.lost.reason as Error).message).toContain(
    `${out}: expected to hold its lock, got it`,
  );
  await held.release();
}, 15_000);
