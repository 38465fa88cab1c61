import { open, rename, rm, stat } from 'node:fs/promises';
import { temporaryName } from './temporary-name.ts';

/**
 * Writes under a temporary name in the same folder, flushes, then renames: a reader sees the old
 * file or the new one, never a half. A file that is replaced keeps its permissions.
 * @throws `PATH: not written (...)` with the file system's reason (no space, read-only); the
 *   temporary file is gone then.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const mode = await stat(path).then(
      (found) => found.mode,
      () => undefined, // there is none yet
    );
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // `EROFS: read-only file system, open '...'`: the rest names the temporary file.
    throw new Error(`${path}: not written (${(error as Error).message.split(', ')[0] ?? ''})`, {
      cause: error,
    });
  }
}
