import { open, type FileHandle } from 'node:fs/promises';

// The safetensors format (huggingface/safetensors): 8 bytes little-endian length of the header, a
// JSON header, raw row-major little-endian data without gaps.

/** A tensor in a file. */
export interface Entry {
  /** As the format has it: F32, I64, ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header, [from, to). */
  readonly from: number;
  readonly to: number;
}

/** A file whose header was read and found to fit the file. */
export interface Safetensors {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The bytes of an entry, in memory of their own.
   * @throws `PATH: ...` if the file ends before them
   */
  read(name: string): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

/** A header of 100 MB would name a million tensors; more is not a weights file. */
const longestHeader = 100_000_000;
/** Bits of a value. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
};

/**
 * Opens a file and reads its header; nothing of it is trusted.
 * @throws `PATH: expected ..., got ...` for what is no such file, is cut off or longer than it
 *   says, or has entries that overlap, leave gaps or do not fit their shapes
 */
export async function openSafetensors(path: string): Promise<Safetensors> {
  const file = await open(path).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new Error(`${path}: expected a .safetensors file, got none`)
      : error;
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile())
      throw new Error(
        `${path}: expected a .safetensors file, got ${stat.isDirectory() ? 'a folder' : 'none'}`,
      );
    const { size } = stat;
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
    const { entries, metadata } = parse(
      new Uint8Array(await readBytes(file, path, 8, length)),
      path,
    );
    requireWhole(entries, path, start, size);
    return {
      entries,
      metadata,
      read: (name) => {
        const { from, to } = entries.get(name) as Entry;
        return readBytes(file, path, start + from, to - from);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readBytes(
  file: FileHandle,
  path: string,
  at: number,
  count: number,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(count - done, 2 ** 30), at + done);
    if (bytesRead === 0)
      throw new Error(
        `${path}: expected ${at + count} bytes, got ${at + done}: the file is cut off`,
      );
    done += bytesRead;
  }
  return bytes.buffer;
}

function parse(text: Uint8Array, path: string): Pick<Safetensors, 'entries' | 'metadata'> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(text).toString('utf8'));
  } catch {
    // told below
  }
  if (!isRecord(header))
    throw new Error(`${path}: expected a JSON header, got something else: not a .safetensors file`);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    throw new Error(`${path}: expected __metadata__ of strings, got ${brief(metadata)}`);
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(rest)) {
    const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
    if (
      typeof dtype !== 'string' ||
      !isCounts(shape) ||
      !isCounts(offsets) ||
      offsets.length !== 2
    ) {
      throw new Error(
        `${path}: expected ${name} to have dtype, shape and data_offsets, got ${brief(value)}`,
      );
    }
    const [from, to] = offsets as [number, number];
    entries.set(name, { dtype, shape, from, to });
  }
  return { entries, metadata: metadata as Record<string, string> };
}

/**
 * @throws unless the entries fill the data of the file, one after the other, each with as many
 *   bytes as its shape has
 */
function requireWhole(
  entries: ReadonlyMap<string, Entry>,
  path: string,
  start: number,
  size: number,
): void {
  let end = 0,
    before = 'the header';
  for (const [name, { dtype, shape, from, to }] of [...entries].sort(
    ([, a], [, b]) => a.from - b.from || a.to - b.to,
  )) {
    const width = bits[dtype];
    const expected =
      width === undefined ? undefined : shape.reduce((product, side) => product * side, width / 8);
    if (to < from || (expected !== undefined && to - from !== expected))
      throw new Error(
        `${path}: expected ${expected ?? 'no negative number of'} bytes for ${name} ${dtype} ` +
          `[${shape.join(', ')}], got ${to - from}`,
      );
    if (from !== end)
      throw new Error(
        `${path}: expected ${name} to begin at byte ${end} of the data, behind ${before}, got ` +
          `${from}: entries ${from < end ? 'overlap' : 'leave a gap'}`,
      );
    [end, before] = [to, name];
  }
  if (start + end !== size)
    throw new Error(
      `${path}: expected ${start + end} bytes, got ${size}: ` +
        `${start + end > size ? 'the file is cut off' : 'there is more than the header tells of'}`,
    );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
const brief = (value: unknown): string => JSON.stringify(value).slice(0, 100);
