import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeftOut } from '../index/folder-index.ts';
import { isLitter } from './litter.ts';
import { reasonOf } from './reason-of.ts';

/** All files below a root, paths with `/`, in order. */
export interface Tree {
  readonly files: readonly string[];
  /** What systems and editors leave about. */
  readonly litter: readonly LeftOut[];
  /** Folders that cannot be read; pipes, devices, and links that lead nowhere or in a circle. */
  readonly unread: readonly LeftOut[];
}

/**
 * Lists what lies below a root. Links are followed, wherever they lead.
 * @throws if the root itself is no folder that can be read
 */
export async function walkTree(root: string): Promise<Tree> {
  const files: string[] = [];
  const litter: LeftOut[] = [];
  const unread: LeftOut[] = [];
  const visit = async (folder: string, above: readonly string[], isInLitter: boolean) => {
    const place = await realpath(join(root, folder));
    if (above.includes(place)) {
      unread.push({ path: `${folder}/`, reason: 'a link to a folder above' });
      return;
    }
    const entries = await readdir(place, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isAside = isInLitter || isLitter(entry.name);
      try {
        const found = entry.isSymbolicLink() ? await stat(join(root, path)) : entry;
        if (found.isDirectory()) await visit(path, [...above, place], isAside);
        else if (isAside) litter.push({ path, reason: 'litter' });
        else if (found.isFile()) files.push(path);
        else unread.push({ path, reason: 'a pipe or device' });
      } catch (error) {
        const list = isAside ? litter : unread;
        const isFolder = entry.isDirectory();
        list.push({ path: isFolder ? `${path}/` : path, reason: reasonOf(error) });
      }
    }
  };
  try {
    await visit('', [], false);
  } catch (error) {
    throw new Error(`${root}: expected a folder that can be read, got ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return { files, litter, unread };
}
