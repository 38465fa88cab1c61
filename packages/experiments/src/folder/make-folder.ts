import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder to write into, or finds that it is one. @throws one line that says why not */
export function makeFolder(folder: string): void {
  try {
    makeMissing(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const got = obstacles[code]?.(folder) ?? message;
    throw new Error(`${folder}: expected a folder to write into, got ${got}`, { cause: error });
  }
}

/** Not by mkdir's own recursion, which never ends where the parent is there and takes no folder. */
function makeMissing(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeMissing(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    const made = statSync(folder, { throwIfNoEntry: false })?.isDirectory(); // by another process
    if (made !== true) throw error;
  }
}

const obstacles: Readonly<Record<string, (folder: string) => string>> = {
  EACCES: (folder) => `${nearest(folder)} that you may not write into`,
  EPERM: (folder) => `${nearest(folder)} that you may not write into`,
  EROFS: () => 'one of a read-only file system',
  ENOENT: (folder) => `${nearest(folder)} in which none can be made`,
  EEXIST: () => 'a file of that name',
  ENOTDIR: (folder) => `a file in its path, ${nearestPath(folder)}`,
  ENOSPC: () => 'a full disk',
};

const nearest = (folder: string) => {
  const path = nearestPath(folder);
  return path === folder ? 'one' : `one above it, ${path},`;
};

/** The folder, or the first above it that is there. */
function nearestPath(folder: string): string {
  const there = isThere(folder) || dirname(folder) === folder;
  return there ? folder : nearestPath(dirname(folder));
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // a file is on the way to it, or a folder that may not be read
  }
}
