import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '@noisy-pairs/imaging';
import { fieldBytes, fieldValues, isWholeType } from './field-values.ts';

/** A directory of a TIFF: the tags of one image. */
export interface Directory {
  readonly littleEndian: boolean;
  /** Of the whole file, in bytes. */
  readonly fileBytes: number;
  /** Values of a tag, undefined where it is absent; text as its bytes. */
  numbers(tag: number): ArrayLike<number> | undefined;
  /**
   * The one whole number of a tag, `otherwise` where it is absent.
   * @throws `PATH: ...` for none or several of them, or another type, as libtiff does
   */
  number(tag: number, otherwise: number): number;
  /** Text of a tag up to its first NUL. */
  text(tag: number): string | undefined;
}

/** A directory's entry for a tag. */
interface Field {
  readonly type: number;
  readonly count: number;
  /** Where its values are, in bytes from the file's beginning. */
  readonly at: number;
}

/** How numbers of a file are written. */
interface Layout {
  readonly littleEndian: boolean;
  readonly big: boolean;
  /** Where the first directory is. */
  readonly first: number;
}

/** Read at once, which in most files is the whole header. */
const headBytes = 2 ** 14;
/** Images of one file that are looked through, its overviews among them. */
const mostDirectories = 256;
const subfileTag = 254;

/**
 * The directories of a TIFF or BigTIFF: the first, and those of its masks of transparency.
 * @param wanted tags whose values are loaded
 * @throws `PATH: ...` if it is no TIFF, or one that is cut off or whose directories go in a circle
 */
export async function readDirectories(
  path: string,
  wanted: ReadonlySet<number>,
): Promise<{ main: Directory; masks: Directory[] }> {
  const file = await openRegularFile(path);
  try {
    const source = await openSource(file, path);
    const layout = await layoutOf(source);
    const found: Directory[] = [];
    const seen = new Set<number>();
    for (let at = layout.first; at !== 0 && seen.size < mostDirectories;) {
      if (seen.has(at))
        throw new Error(`${path}: expected directories one after another, got a loop`);
      seen.add(at);
      const { fields, next } = await readFields(source, layout, at);
      const isMain = found.length === 0;
      const subfile = await loadField(source, layout, fields.get(subfileTag));
      // Bit 2 is a mask, bit 0 one of an overview.
      const isMask = ((subfile?.[0] ?? 0) & 5) === 4;
      if (isMain || isMask) found.push(await load(source, layout, fields, wanted));
      at = next;
    }
    const [main, ...masks] = found;
    if (!main) throw new Error(`${path}: expected a TIFF of one image or more, got none`);
    return { main, masks };
  } finally {
    await file.close();
  }
}

/** Bytes of a file by their place. */
interface Source {
  readonly path: string;
  readonly bytes: number;
  /** @throws `PATH: ... cut off` if the file ends before */
  read(at: number, length: number, what: string): Promise<DataView>;
}

async function openSource(file: FileHandle, path: string): Promise<Source> {
  const { size } = await file.stat();
  const read = async (at: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, at);
    return bytes.subarray(0, bytesRead);
  };
  const head = await read(0, Math.min(size, headBytes));
  return {
    path,
    bytes: size,
    async read(at, length, what) {
      const end = at + length;
      const isInHead = end <= head.length;
      const found = isInHead ? head.subarray(at, end) : end <= size ? await read(at, length) : head;
      if (end > size || found.length < length)
        throw new Error(
          `${path}: expected a whole TIFF, got one that is cut off: ${what} at byte ${at} ends ` +
            `at byte ${end} of ${size}`,
        );
      return new DataView(found.buffer, found.byteOffset, length);
    },
  };
}

async function layoutOf(source: Source): Promise<Layout> {
  const start = await source.read(0, 8, 'its header');
  const order = start.getUint16(0);
  const littleEndian = order === 0x4949;
  const version = start.getUint16(2, littleEndian);
  if ((!littleEndian && order !== 0x4d4d) || (version !== 42 && version !== 43))
    throw new Error(`${source.path}: expected a TIFF, got something else`);
  if (version === 42) return { littleEndian, big: false, first: start.getUint32(4, littleEndian) };
  const offsetBytes = start.getUint16(4, littleEndian);
  if (offsetBytes !== 8)
    throw new Error(`${source.path}: expected a BigTIFF's offsets of 8 bytes, got ${offsetBytes}`);
  const more = await source.read(8, 8, 'its header');
  return { littleEndian, big: true, first: Number(more.getBigUint64(0, littleEndian)) };
}

async function readFields(
  source: Source,
  { littleEndian, big }: Layout,
  at: number,
): Promise<{ fields: Map<number, Field>; next: number }> {
  const numberAt = (view: DataView, offset: number) =>
    big ? Number(view.getBigUint64(offset, littleEndian)) : view.getUint32(offset, littleEndian);
  const [countBytes, entryBytes, valueBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const head = await source.read(at, countBytes, 'a directory');
  const count = big ? numberAt(head, 0) : head.getUint16(0, littleEndian);
  const from = at + countBytes;
  const what = `a directory of ${count} tags`;
  const view = await source.read(from, count * entryBytes, what);
  const fields = new Map<number, Field>();
  for (let entry = 0; entry < view.byteLength; entry += entryBytes) {
    const tag = view.getUint16(entry, littleEndian);
    const type = view.getUint16(entry + 2, littleEndian);
    const values = numberAt(view, entry + 4);
    const valueAt = entry + entryBytes - valueBytes;
    const isInline = values * fieldBytes(type) <= valueBytes;
    const field = { type, count: values, at: isInline ? from + valueAt : numberAt(view, valueAt) };
    if (!fields.has(tag)) fields.set(tag, field);
  }
  // Some files end with their last directory, without the number that says so.
  const end = from + count * entryBytes;
  if (end === source.bytes) return { fields, next: 0 };
  return { fields, next: numberAt(await source.read(end, valueBytes, what), 0) };
}

async function loadField(
  source: Source,
  { littleEndian }: Layout,
  field: Field | undefined,
  tag = subfileTag,
): Promise<ArrayLike<number> | undefined> {
  if (!field) return undefined;
  const { type, count, at } = field;
  const length = count * fieldBytes(type);
  return fieldValues(await source.read(at, length, `tag ${tag}`), type, count, littleEndian);
}

async function load(
  source: Source,
  layout: Layout,
  fields: ReadonlyMap<number, Field>,
  wanted: ReadonlySet<number>,
): Promise<Directory> {
  const values = new Map<number, ArrayLike<number>>();
  for (const [tag, field] of fields) {
    const found = wanted.has(tag) ? await loadField(source, layout, field, tag) : undefined;
    if (found && found.length > 0) values.set(tag, found);
  }
  return {
    littleEndian: layout.littleEndian,
    fileBytes: source.bytes,
    numbers: (tag) => values.get(tag),
    number(tag, otherwise) {
      const field = fields.get(tag);
      if (!field) return otherwise;
      if (field.count === 1 && isWholeType(field.type)) return values.get(tag)?.[0] ?? otherwise;
      throw new Error(
        `${source.path}: expected one whole number as tag ${tag}, got ${field.count} values of ` +
          `TIFF's type ${field.type}`,
      );
    },
    text(tag) {
      const bytes = values.get(tag);
      return bytes && Buffer.from(Array.from(bytes)).toString('utf8').split('\0', 1)[0];
    },
  };
}
