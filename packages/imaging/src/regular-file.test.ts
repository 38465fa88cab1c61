import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegularFile, readRegularFile, requireRegularFile } from './regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'regular-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const loop = join(folder, 'loop');
symlinkSync('loop', loop);

test('what is no file, or not there, is refused by name before it is opened', async () => {
  const cases = [
    [pipe, 'a named pipe'],
    ['/dev/zero', 'a device'],
    [folder, 'a folder'],
    [join(folder, 'none', 'x'), 'none'],
    [join(pipe, 'x'), 'a file in its path'],
    [loop, 'a link to itself'],
  ] as const;
  for (const [path, got] of cases) {
    await expect(readRegularFile(path)).rejects.toThrow(`${path}: expected a file, got ${got}`);
    await expect(openRegularFile(path, 'a label')).rejects.toThrow(
      `${path}: expected a label, got ${got}`,
    );
    expect(() => {
      requireRegularFile(path);
    }).toThrow(`${path}: expected a file, got ${got}`);
  }
});

test('the code of the file system stays, for those who ask for it', async () => {
  await expect(readRegularFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a file is read whole', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'text');
  expect(String(await readRegularFile(path))).toBe('text');
});
