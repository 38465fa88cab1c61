import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Uses a damaged file under the name that it must have, in a folder of its own.
 * @param use gets the folder, and what gives a message the attempt's path in place of that name
 * @throws what it throws, so renamed
 */
export async function inFolder(path, name, use) {
  const folder = join(dirname(path), `folder of ${basename(path)}`);
  const renamed = (text) => text.replaceAll(join(folder, name), path);
  await mkdir(dirname(join(folder, name)), { recursive: true });
  try {
    await copyFile(path, join(folder, name));
    return await use(folder, renamed);
  } catch (error) {
    throw new Error(renamed(error.message));
  } finally {
    await rm(folder, { recursive: true });
  }
}
