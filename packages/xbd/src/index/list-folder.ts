import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Nature of a folder's entry, links followed. */
export interface FolderEntry {
  readonly name: string;
  /** `nothing` for a link that leads nowhere, `closed` for one that must not be looked at. */
  readonly type: 'file' | 'folder' | 'pipe or device' | 'nothing' | 'closed';
  readonly isLink: boolean;
}

/** Sorted by name without regard to case. @throws as readdir */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<FolderEntry> => {
      const { name } = entry;
      if (!entry.isSymbolicLink()) return { name, type: typeOf(entry), isLink: false };
      return { name, type: await typeOfTarget(join(folder, name)), isLink: true };
    }),
  );
  return found.sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()));
}

/** Where a folder is, links resolved. */
export const placeOf = (folder: string): Promise<string> => realpath(folder);

/** The reason of the file system, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ENOENT') return 'there is none';
  if (code === 'ENOTDIR') return 'it is a file';
  if (code === 'ELOOP') return 'a link to itself';
  return message.split(', ')[0] ?? message;
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean }): FolderEntry['type'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'pipe or device';
}

async function typeOfTarget(path: string): Promise<FolderEntry['type']> {
  try {
    return typeOf(await stat(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'closed' : 'nothing';
  }
}
