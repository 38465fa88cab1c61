import atomically from 'write-file-atomic';

/**
 * Writes under a temporary name in the same folder, flushes, then renames: a reader sees the old file or the new one, never a half.
 * @throws the file system's error (no space, read-only), with the path in its message; the temporary file is gone then.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await atomically(path, typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}
