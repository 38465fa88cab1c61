import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pipDownload } from './pip.ts';
import type { Wheel } from '../release.ts';

/**
 * Fetches a wheel with pip into a folder of its own; one that is there already, whole, is taken as
 * it is.
 * @returns its path
 * @throws one line with the remedy: no Python, no pip, no network, wrong hash, no space.
 */
export async function fetchWheel(
  { requirement, sha256 }: Wheel,
  folder: string,
  say: (line: string) => void,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const there = await wholeWheel(folder, sha256);
  if (there !== undefined) return there;

  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${requirement} --hash=sha256:${sha256}\n`);
  // In the cache, so that a small /tmp is no matter and the growing file can be watched.
  const temporary = join(folder, 'temporary');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const watch = setInterval(() => {
    void sizeOf(temporary).then((bytes) => {
      if (bytes > 0) say(`  ${Math.round(bytes / 2 ** 20)} MiB`);
    });
  }, 10_000);
  try {
    await pipDownload(requirements, folder, temporary);
  } finally {
    clearInterval(watch);
    await rm(temporary, { recursive: true, force: true });
  }
  const fetched = await wholeWheel(folder, sha256);
  if (fetched === undefined)
    throw new Error(
      `pip: expected a wheel of ${requirement} with the pinned sha256 in ${folder}, got none; ` +
        'try again',
    );
  return fetched;
}

/** The wheel of that hash in the folder, if there is one. */
async function wholeWheel(folder: string, sha256: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.whl')) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    if (hash.digest('hex') === sha256) return join(folder, name);
  }
  return undefined;
}

/** Bytes of all files below a folder; 0 for what vanishes meanwhile. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found?.isFile() ? found.size : 0;
  });
  return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
}
