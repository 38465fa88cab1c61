import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from './atomic-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('writes text and the visible part of a view, and replaces', async () => {
    const path = join(folder, 'x');
    await writeFileAtomic(path, 'grün');
    expect(await readFile(path, 'utf8')).toBe('grün');
    await writeFileAtomic(path, Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 3));
    expect([...(await readFile(path))]).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('never shows a reader a half file', async () => {
    const path = join(folder, 'x');
    const texts = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
    await writeFileAtomic(path, texts[0] ?? '');
    const written = writeFileAtomic(path, texts[1] ?? '').then(() => 'written');
    const pause = () =>
      new Promise<string>((resolve) => {
        setTimeout(() => {
          resolve('writing');
        }, 0);
      });
    do expect(texts.includes(await readFile(path, 'utf8'))).toBe(true);
    while ((await Promise.race([written, pause()])) === 'writing');
    expect(await readFile(path, 'utf8')).toBe(texts[1]);
  });

  it('names the file and the reason when it fails, and leaves nothing behind', async () => {
    await expect(writeFileAtomic(join(folder, 'none', 'x'), '')).rejects.toThrow(
      `${join(folder, 'none', 'x')}: not written (ENOENT: no such file or directory)`,
    );
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken', 'y'), '');
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow(
      /taken: not written \(E/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
