/** A tensor in a file. */
export interface Entry {
  /** As the format has it: F32, I64, ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header, [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

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
 * Reads a header's JSON.
 * @throws `PATH: expected ..., got ...` where it has not the format's form
 */
export function parseHeader(text: Uint8Array, path: string): Header {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    // told below
  }
  if (!isRecord(header))
    throw new Error(`${path}: expected a JSON header, got something else: not a .safetensors file`);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isStrings(metadata))
    throw new Error(`${path}: expected __metadata__ of strings, got ${brief(metadata)}`);
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(rest)) {
    const entry = parseEntry(value);
    if (!entry)
      throw new Error(
        `${path}: expected ${name} to have dtype, shape and data_offsets, got ${brief(value)}`,
      );
    entries.set(name, entry);
  }
  return { entries, metadata };
}

function parseEntry(value: unknown): Entry | undefined {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets)) return undefined;
  const [from, to, ...more] = offsets;
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return { dtype, shape, from, to };
}

/**
 * @param start where the data begin, in bytes
 * @param size the file's bytes
 * @throws unless the entries fill the data of the file, one after the other, each with as many
 *   bytes as its shape has
 */
export function requireWhole({ entries }: Header, path: string, start: number, size: number): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.from - b.from || a.to - b.to);
  let end = 0;
  let before = 'the header';
  for (const [name, entry] of inOrder) {
    requireSize(path, name, entry);
    if (entry.from !== end)
      throw new Error(
        `${path}: expected ${name} to begin at byte ${end} of the data, behind ${before}, got ` +
          `${entry.from}: entries ${entry.from < end ? 'overlap' : 'leave a gap'}`,
      );
    end = entry.to;
    before = name;
  }
  const expected = start + end;
  if (expected === size) return;
  const reason = expected > size ? 'the file is cut off' : 'there is more than the header tells of';
  throw new Error(`${path}: expected ${expected} bytes, got ${size}: ${reason}`);
}

/** @throws unless the entry has its shape's bytes; of an unknown type, none or more */
function requireSize(path: string, name: string, { dtype, shape, from, to }: Entry): void {
  const width = bits[dtype];
  const expected =
    width === undefined ? undefined : shape.reduce((product, side) => product * side, width / 8);
  const fits = expected === undefined ? to >= from : to - from === expected;
  if (!fits)
    throw new Error(
      `${path}: expected ${expected ?? 'no negative number of'} bytes for ${name} ${dtype} ` +
        `[${shape.join(', ')}], got ${to - from}`,
    );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isStrings = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string');
const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
const brief = (value: unknown): string => JSON.stringify(value).slice(0, 100);
