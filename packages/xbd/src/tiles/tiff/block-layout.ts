import { endianness } from 'node:os';
import { createInflater, type InflateInto } from './inflater.ts';
import { sampleArrays, type Samples } from './samples.ts';

/** What turns a block's bytes into samples, as plain data. */
export interface BlockLayout {
  /** Sample format and bits, as `2/16`. */
  readonly samples: keyof typeof sampleArrays;
  readonly littleEndian: boolean;
  readonly predictor: 1 | 2;
  /** Bands that lie together in a block. */
  readonly bands: number;
  readonly rowSamples: number;
  readonly blockHeight: number;
  /** The last strip may have fewer rows; tiles are always whole. */
  readonly tiled: boolean;
}

const machineIsLittle = endianness() === 'LE';

/** @param rows of a strip @throws `WHAT: ...` for too few bytes */
export function samplesOf(
  bytes: Uint8Array,
  rows: number,
  { samples, littleEndian, predictor, bands, rowSamples, blockHeight, tiled }: BlockLayout,
  what: string,
): Samples {
  const array = sampleArrays[samples];
  const expected = rowSamples * (tiled ? blockHeight : rows);
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.byteLength < expected * size)
    throw new Error(`${what}: expected ${expected * size} bytes, got ${bytes.byteLength}`);
  // Typed arrays start at whole samples.
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  if (size > 1 && littleEndian !== machineIsLittle) swap(aligned, size);
  const values = new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, expected);
  if (predictor === 2) undoDifferences(values, rowSamples, bands);
  return values;
}

/** Bytes of a block once it is plain. @param rows of a strip */
export function plainBytes(
  rows: number,
  { samples, rowSamples, blockHeight, tiled }: BlockLayout,
): number {
  return rowSamples * (tiled ? blockHeight : rows) * sampleArrays[samples].BYTES_PER_ELEMENT;
}

let inflate: InflateInto | undefined;

/**
 * Samples of a deflated block, in `into` (of plainBytes, at a whole sample).
 * @throws `WHAT: ...` for bytes that do not inflate, or to fewer
 */
export function inflateBlock(
  bytes: Uint8Array,
  rows: number,
  layout: BlockLayout,
  what: string,
  into: Uint8Array,
): Samples {
  inflate ??= createInflater();
  let count: number;
  try {
    count = inflate(bytes, into);
  } catch (error) {
    throw new Error(
      `${what}: expected deflated bytes, got broken ones (${(error as Error).message})`,
      { cause: error },
    );
  }
  return samplesOf(into.subarray(0, count), rows, layout, what);
}

function swap(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    bytes.byteLength - (bytes.byteLength % size),
  );
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** Sums along each row, band by band; typed arrays wrap around as the format wants. */
function undoDifferences(values: Samples, rowSamples: number, bands: number): void {
  for (let row = 0; row < values.length; row += rowSamples) {
    const end = row + rowSamples;
    if (bands === 3) {
      let a = values[row] as number;
      let b = values[row + 1] as number;
      let c = values[row + 2] as number;
      for (let i = row + 3; i < end; i += 3) {
        a = values[i] = ((values[i] as number) + a) | 0;
        b = values[i + 1] = ((values[i + 1] as number) + b) | 0;
        c = values[i + 2] = ((values[i + 2] as number) + c) | 0;
      }
    } else {
      for (let i = row + bands; i < end; i++)
        values[i] = (values[i] as number) + (values[i - bands] as number);
    }
  }
}
