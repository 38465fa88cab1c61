import { statSync, type Stats } from 'node:fs';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file to be read. A pipe would wait for a writer and a device may have no end.
 * @param what is expected, in words
 * @throws `PATH: expected a file, got a folder` (or pipe, socket, device); the file system's error
 *   where there is none, or it may not be read
 */
export async function openRegularFile(path: string, what = 'a file'): Promise<FileHandle> {
  requireRegular(await stat(path), path, what);
  return open(path);
}

/** The contents of a file. @throws as openRegularFile */
export async function readRegularFile(path: string): Promise<Buffer> {
  requireRegular(await stat(path), path, 'a file');
  return readFile(path);
}

/** @throws as openRegularFile */
export function requireRegularFile(path: string): void {
  requireRegular(statSync(path), path, 'a file');
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
