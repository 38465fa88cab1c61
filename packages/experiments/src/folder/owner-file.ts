import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { temporaryName } from '@noisy-pairs/imaging';

/**
 * What a folder's `owner` says, as the disk has it: shared disks look again when a file is opened,
 * not when it is asked for by name. Undefined where there is none to be read.
 */
export function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Makes the file as young as the disk's clock has it, by writing the same text again. What another
 * has put in its place meanwhile is not touched: it is another file.
 * @returns whether the file has the text still
 */
export function beat(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch {
    return false;
  }
  try {
    if (readFileSync(file, 'utf8') !== text) return false;
    writeSync(file, text, 0);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

/** Codes of file systems without hard links. */
const withoutLinks: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Makes a file that is never there without its text; but for a moment on file systems without hard
 * links, where a process that is killed in it leaves one that tells nothing until it is stale.
 * @throws EEXIST if there is one; what the file system says, and then there is none
 */
export function createOwner(path: string, text: string): void {
  const written = temporaryName(path);
  try {
    writeFileSync(written, text);
    linkSync(written, path);
  } catch (error) {
    if (!withoutLinks.includes((error as NodeJS.ErrnoException).code)) throw error;
    createInPlace(path, text);
  } finally {
    rmSync(written, { force: true });
  }
}

function createInPlace(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const isOthers = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isOthers) rmSync(path, { force: true }); // on a full disk it is there, empty
    throw error;
  }
}
