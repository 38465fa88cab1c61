import lerc from 'lerc';
import type { Directory } from '../header/directory.ts';
import { tags } from '../header/tags.ts';
import { createInflater } from '../inflate/inflater.ts';
import type { TiffStructure } from '../structure.ts';
import type { Unpack } from './unpack.ts';
import { openZstd } from './zstd.ts';

/** Bytes that LERC adds to plain samples at most: its head, and masks of left-out pixels. */
const mostHead = 2 ** 16;

/** Unpacks blocks by Esri's LERC, once they are of the size that they should be. */
export async function lercUnpacker(
  directory: Directory,
  { array, planar, samples, blockWidth }: TiffStructure,
): Promise<Unpack> {
  const bands = planar ? 1 : samples;
  const rowBytes = blockWidth * bands * array.BYTES_PER_ELEMENT;
  const outer = await outerUnpacker(directory.numbers(tags.lercParameters)?.[1] ?? 0);
  return (bytes, plainBytes) => {
    const blob = Uint8Array.from(outer(bytes, 2 * plainBytes + mostHead));
    requireWhole(blob, [blockWidth, plainBytes / rowBytes, bands]);
    const [plain] = lerc.decode(blob.buffer, { returnPixelInterleavedDims: true }).pixels;
    if (!plain) throw new Error('no pixels');
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
  };
}

/** What LERC's bytes are packed with once more. */
async function outerUnpacker(
  number: number,
): Promise<(bytes: Uint8Array, mostBytes: number) => Uint8Array> {
  if (number === 2) return openZstd();
  if (number !== 1) return (bytes) => bytes;
  const inflate = createInflater();
  return (bytes, mostBytes) => {
    const into = new Uint8Array(mostBytes);
    return into.subarray(0, inflate(bytes, into));
  };
}

/** @throws for a blob of another size, or one that leaves pixels out */
function requireWhole(blob: Uint8Array, size: [width: number, rows: number, bands: number]): void {
  const view = new DataView(blob.buffer);
  const isLerc2 = blob.length > 40 && Buffer.from(blob).toString('latin1', 0, 6) === 'Lerc2 ';
  if (!isLerc2) throw new Error('no LERC 2');
  const version = view.getInt32(6, true);
  const at = version >= 3 ? 14 : 10; // behind a check sum
  const [rows, width] = [view.getInt32(at, true), view.getInt32(at + 4, true)];
  const bands = version >= 4 ? view.getInt32(at + 8, true) : 1;
  const shown = view.getInt32(at + (version >= 4 ? 12 : 8), true);
  const found = [width, rows, bands];
  if (found.join() !== size.join())
    throw new Error(`${found.join(' x ')} samples instead of ${size.join(' x ')}`);
  if (shown !== width * rows)
    throw new Error(`${width * rows - shown} pixels left out, which are not read`);
}
