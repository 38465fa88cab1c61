import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether make and the shell take a path as it is: one with spaces comes apart in them. */
export const isPlain = (path: string): boolean => /^[\w./+@-]+$/.test(path);

/**
 * A new folder whose path is plain, among temporary files.
 * @throws if there is no place for temporary files whose path is plain
 */
async function makePlainFolder(): Promise<string> {
  const places = [tmpdir(), '/tmp', '/var/tmp'];
  const place = places.find((path) => isPlain(path) && existsSync(path));
  if (place === undefined)
    throw new Error(
      `temporary folder: expected a path of letters, digits and ./+@-_, got ${tmpdir()}; set ` +
        'TMPDIR to another one',
    );
  return mkdtemp(join(place, 'noisy-pairs-build-'));
}

/**
 * Lets `work` fill a folder that is removed afterwards, below this one if its path is plain,
 * otherwise among temporary files.
 */
export async function inPlainFolder(
  folder: string,
  work: (plain: string) => Promise<void>,
): Promise<void> {
  const plain = isPlain(folder) ? join(folder, 'build') : await makePlainFolder();
  try {
    await mkdir(plain, { recursive: true });
    await work(plain);
  } finally {
    await rm(plain, { recursive: true, force: true });
  }
}

/** Another name of `path` that is plain: a link in `folder`, whose own path is. */
export async function plainName(path: string, folder: string, name: string): Promise<string> {
  if (isPlain(path)) return path;
  const link = join(folder, name);
  await rm(link, { force: true });
  await symlink(path, link);
  return link;
}
