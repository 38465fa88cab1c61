import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '@noisy-pairs/imaging';
import { parseHeader, requireWhole, type Entry, type Header } from './safetensors-header.ts';

// The safetensors format (huggingface/safetensors): 8 bytes little-endian length of the header, a
// JSON header, raw row-major little-endian data without gaps.

/** A file whose header was read and found to fit the file. */
export interface Safetensors extends Header {
  /**
   * The bytes of an entry, in memory of their own.
   * @throws `PATH: ...` if the file ends before them
   */
  read(name: string): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

/** A header of 100 MB would name a million tensors; more is not a weights file. */
const longestHeader = 100_000_000;

/**
 * Opens a file and reads its header; nothing of it is trusted.
 * @throws `PATH: expected ..., got ...` for what is no such file, is cut off or longer than it
 *   says, or has entries that overlap, leave gaps or do not fit their shapes
 */
export async function openSafetensors(path: string): Promise<Safetensors> {
  const file = await openRegularFile(path, 'a .safetensors file');
  try {
    const { header, start } = await readHeader(file, path);
    return {
      ...header,
      read: (name) => {
        const { from, to } = header.entries.get(name) as Entry;
        return readBytes(file, path, start + from, to - from);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The header, and where the data begin, in bytes. */
async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ header: Header; start: number }> {
  const { size } = await file.stat();
  const length =
    size < 8 ? 0 : Number(new DataView(await readBytes(file, path, 0, 8)).getBigUint64(0, true));
  if (length < 2 || length > longestHeader)
    throw new Error(`${path}: expected a .safetensors header, got ${size} bytes without one`);
  const start = 8 + length;
  if (start > size)
    throw new Error(
      `${path}: expected ${start} bytes or more, got ${size}: the header is cut off, or this ` +
        'is no .safetensors file',
    );
  const header = parseHeader(new Uint8Array(await readBytes(file, path, 8, length)), path);
  requireWhole(header, path, start, size);
  return { header, start };
}

async function readBytes(
  file: FileHandle,
  path: string,
  at: number,
  count: number,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let done = 0;
  while (done < count) {
    const { bytesRead } = await file.read(bytes, done, Math.min(count - done, 2 ** 30), at + done);
    if (bytesRead === 0)
      throw new Error(
        `${path}: expected ${at + count} bytes, got ${at + done}: the file is cut off`,
      );
    done += bytesRead;
  }
  return bytes.buffer;
}
