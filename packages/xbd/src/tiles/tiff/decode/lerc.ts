import { getDecoder } from 'geotiff';
import type { Directory } from '../header/directory.ts';
import { compressions } from '../header/compressions.ts';
import { tags } from '../header/tags.ts';
import { createInflater } from '../inflate/inflater.ts';
import type { TiffStructure } from '../structure.ts';
import type { Unpack } from './block-decoder.ts';
import { openZstd } from './zstd.ts';

/** What LERC adds to plain samples at most: its head, and masks of what it leaves out. */
const mostHead = 2 ** 16;

/** Unpacks blocks by geotiff's LERC, once they are of the size that they should be. */
export async function lercUnpacker(
  directory: Directory,
  structure: TiffStructure,
  rowsAt: (plainBytes: number) => number,
): Promise<Unpack> {
  const { array, planar, samples, blockWidth, blockHeight } = structure;
  const decoder = await getDecoder(compressions.lerc, {
    tileWidth: blockWidth,
    tileHeight: blockHeight,
    predictor: 1,
    bitsPerSample: array.BYTES_PER_ELEMENT * 8,
    planarConfiguration: planar ? 2 : 1,
    samplesPerPixel: samples,
    LercParameters: [4, 0],
  } as Parameters<typeof getDecoder>[1]);
  const outer = await outerUnpacker(directory.numbers(tags.lercParameters)?.[1] ?? 0);
  return async (bytes, plainBytes) => {
    const blob = Uint8Array.from(outer(bytes, 2 * plainBytes + mostHead));
    requireWhole(blob, blockWidth, rowsAt(plainBytes));
    return new Uint8Array((await decoder.decodeBlock(blob.buffer)) as ArrayBuffer);
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
function requireWhole(blob: Uint8Array, width: number, rows: number): void {
  const view = new DataView(blob.buffer);
  const isLerc2 = blob.length > 40 && Buffer.from(blob).toString('latin1', 0, 6) === 'Lerc2 ';
  if (!isLerc2) throw new Error('no LERC 2');
  const version = view.getInt32(6, true);
  const at = version >= 3 ? 14 : 10; // behind a check sum
  const [height, across] = [view.getInt32(at, true), view.getInt32(at + 4, true)];
  const valid = view.getInt32(at + (version >= 4 ? 12 : 8), true);
  if (across !== width || height !== rows)
    throw new Error(`${across} x ${height} pixels instead of ${width} x ${rows}`);
  if (valid !== across * height)
    throw new Error(`${across * height - valid} pixels left out, which are not read`);
}
