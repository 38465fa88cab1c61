import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegularFile, readRegularFile, requireRegularFile } from './regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'regular-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);

test('pipes, devices and folders are refused by name before they are opened', async () => {
  const cases = [
    [pipe, 'a named pipe'],
    ['/dev/zero', 'a device'],
    [folder, 'a folder'],
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

test('a file is read whole', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'text');
  expect(String(await readRegularFile(path))).toBe('text');
});
