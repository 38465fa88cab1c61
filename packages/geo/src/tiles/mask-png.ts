import { crc32, inflateSync } from 'node:zlib';
import { createRaster, type Raster } from '@noisy-pairs/imaging';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Colour types of one channel. */
const grey = 0;
const palette = 3;

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel. */
  readonly depth: number;
}

/**
 * The numbers that a PNG of one channel stores: grey of 1 to 16 bits, not spread over 0..255, and
 * of a palette the indices, as masks mean them. Not interlaced.
 * @param name what errors call it, e.g. its path
 * @throws `NAME: ...` if it is none of these, broken, of another size, or holds more than 255
 */
export function readMaskPng(bytes: Buffer, width: number, height: number, name: string): Raster {
  const chunks = chunksOf(bytes, name);
  const header = headerOf(chunks.get('IHDR'), name);
  if (header.width !== width || header.height !== height)
    throw new Error(
      `${name}: expected a mask of ${width} x ${height} pixels, got ${header.width} x ` +
        `${header.height}`,
    );
  const rowBytes = Math.ceil((width * header.depth) / 8);
  const rows = inflateRows(chunks.get('IDAT'), (rowBytes + 1) * height, name);
  unfilter(rows, rowBytes, height, Math.max(1, header.depth / 8), name);
  return createRaster(width, height, 1, valuesOf(rows, rowBytes, header, name));
}

/** Types are letters; others are no text that a message can hold. */
const partName = (type: string) => (/^[A-Za-z]{4}$/.test(type) ? type : 'a part');

/** Contents by type; those of one type follow one another. */
function chunksOf(bytes: Buffer, name: string): Map<string, Buffer> {
  if (!bytes.subarray(0, 8).equals(signature))
    throw new Error(`${name}: expected a PNG, got something else`);
  const parts = new Map<string, Buffer[]>();
  for (let at = 8; ;) {
    const end = at + 12 + (at + 8 <= bytes.length ? bytes.readUInt32BE(at) : 0);
    if (end > bytes.length) throw new Error(`${name}: expected a PNG, got one that is cut off`);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      throw new Error(`${name}: expected a PNG, got one that is broken in ${partName(type)}`);
    parts.set(type, [...(parts.get(type) ?? []), bytes.subarray(at + 8, end - 4)]);
    if (type === 'IEND') break;
    at = end;
  }
  return new Map([...parts].map(([type, list]) => [type, Buffer.concat(list)]));
}

function headerOf(chunk: Buffer | undefined, name: string): Header {
  if (chunk?.length !== 13) throw new Error(`${name}: expected a PNG, got one without a header`);
  const [depth = 0, type = 0, , , interlace = 0] = chunk.subarray(8);
  if (type !== grey && type !== palette)
    throw new Error(
      `${name}: expected a mask of one channel, got ${channelNames.get(type) ?? 'another'}`,
    );
  if (![1, 2, 4, 8, 16].includes(depth))
    throw new Error(`${name}: expected 1 to 16 bits a pixel, got ${depth}`);
  if (interlace !== 0) throw new Error(`${name}: expected rows in order, got an interlaced PNG`);
  return { width: chunk.readUInt32BE(0), height: chunk.readUInt32BE(4), depth };
}

const channelNames = new Map([
  [2, 'RGB'],
  [4, 'grey with alpha'],
  [6, 'RGBA'],
]);

/** Rows of a filter byte and pixels. */
function inflateRows(data: Buffer | undefined, length: number, name: string): Uint8Array {
  let rows: Uint8Array;
  try {
    rows = inflateSync(data ?? Buffer.alloc(0), { maxOutputLength: length });
  } catch (error) {
    throw new Error(`${name}: expected a PNG, got one that is broken in its pixels`, {
      cause: error,
    });
  }
  if (rows.length !== length)
    throw new Error(`${name}: expected ${length} bytes of pixels, got ${rows.length}`);
  return rows;
}

/** Undoes PNG's five filters, in place. @param step bytes of a pixel, 1 for less */
function unfilter(
  rows: Uint8Array,
  rowBytes: number,
  height: number,
  step: number,
  name: string,
): void {
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    const filter = rows[start - 1] as number;
    if (filter > 4) throw new Error(`${name}: expected a PNG, got one of filter ${filter}`);
    if (filter === 0) continue;
    for (let i = 0; i < rowBytes; i++) {
      const at = start + i;
      const left = i < step ? 0 : (rows[at - step] as number);
      const above = y === 0 ? 0 : (rows[at - rowBytes - 1] as number);
      const corner = y === 0 || i < step ? 0 : (rows[at - rowBytes - 1 - step] as number);
      rows[at] = (rows[at] as number) + prediction(filter, left, above, corner);
    }
  }
}

function prediction(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(estimate - value));
  if ((a as number) <= (b as number) && (a as number) <= (c as number)) return left;
  return (b as number) <= (c as number) ? above : corner;
}

function valuesOf(
  rows: Uint8Array,
  rowBytes: number,
  { width, height, depth }: Header,
  name: string,
): Uint8Array {
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = rows[start + (bit >> 3)] as number;
      const low = depth === 16 ? (rows[start + 2 * x + 1] as number) : byte;
      if (depth === 16 && byte !== 0)
        throw new Error(`${name}: expected values up to 255, got ${256 * byte + low}`);
      values[y * width + x] = depth < 8 ? (low >> (8 - depth - (bit & 7))) & (2 ** depth - 1) : low;
    }
  }
  return values;
}
