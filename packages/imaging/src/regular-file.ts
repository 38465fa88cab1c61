import { statSync, type Stats } from 'node:fs';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file to be read. A pipe would wait for a writer and a device may have no end.
 * @param what is expected, in words
 * @throws `PATH: expected a file, got a folder` (or pipe, socket, device, none, one that you may
 *   not read), with the file system's code where it refuses
 */
export async function openRegularFile(path: string, what = 'a file'): Promise<FileHandle> {
  return inWords(path, what, async () => {
    requireRegular(await stat(path), path, what);
    return open(path);
  });
}

/** The contents of a file. @throws as openRegularFile */
export async function readRegularFile(path: string): Promise<Buffer> {
  return inWords(path, 'a file', async () => {
    requireRegular(await stat(path), path, 'a file');
    return readFile(path);
  });
}

/** @throws as openRegularFile */
export function requireRegularFile(path: string): void {
  try {
    requireRegular(statSync(path), path, 'a file');
  } catch (error) {
    throw worded(error, path, 'a file');
  }
}

/** What the file system says of a file, by its codes. */
const reasons = new Map([
  ['ENOENT', 'none'],
  ['ENOTDIR', 'a file in its path'],
  ['ELOOP', 'a link to itself'],
  ['EACCES', 'one that you may not read'],
  ['EPERM', 'one that you may not read'],
]);

async function inWords<T>(path: string, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw worded(error, path, what);
  }
}

/** An error of the file system in words, with its code; another as it is. */
function worded(error: unknown, path: string, what: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const got = reasons.get(code) ?? (message.split(', ')[0] || code);
  return Object.assign(new Error(`${path}: expected ${what}, got ${got}`, { cause: error }), {
    code,
  });
}

function requireRegular(found: Stats, path: string, what: string): void {
  if (!found.isFile()) throw new Error(`${path}: expected ${what}, got ${typeOf(found)}`);
}

function typeOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
