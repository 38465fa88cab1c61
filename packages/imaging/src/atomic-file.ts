import atomically from 'write-file-atomic';

/**
 * Writes under a temporary name in the same folder, flushes, then renames: a reader sees the old
 * file or the new one, never a half.
 * @throws `PATH: not written (...)` with the file system's reason (no space, read-only); the
 *   temporary file is gone then.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await atomically(
      path,
      typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    );
  } catch (error) {
    // `EROFS: read-only file system, open '...'`: the rest names the temporary file.
    throw new Error(`${path}: not written (${(error as Error).message.split(', ')[0] ?? ''})`, {
      cause: error,
    });
  }
}
