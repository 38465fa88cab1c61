import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a folder that is there either whole or not at all: `fill` works in another one beside it,
 * which is then renamed. What an interrupted run left behind is removed first. The name is the
 * process's own, so that not even a lost lock lets two fill one folder.
 */
export async function inOneStep(
  folder: string,
  fill: (partial: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(folder)}.partial`))
      await rm(join(parent, name), { recursive: true, force: true });
  }
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await mkdir(partial);
    await fill(partial);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}
