import { type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file to be read. A pipe would wait for a writer and a device may have no end.
 * @throws `PATH: expected a file, got ...`
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path}: expected a file, got ${typeOf(found)}`);
  return open(path);
}

function typeOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
