import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { lockSweep } from './sweep-lock.ts';

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

test('a lost lock of a sweep aborts with a line', async () => {
  const out = folder();
  const held = await lockSweep(out, () => undefined);
  rmSync(join(out, 'owner'));
  await vi.waitFor(() => {
    expect(held.lost.aborted).toBe(true);
  }, 8000);
  expect((held.lost.reason as Error).message).toMatch(
    `${out}: expected process ${process.pid} as its owner, got none; this one, the older, stops; ` +
      'the same command goes on from the checkpoints',
  );
  await held.release();
}, 15_000);
