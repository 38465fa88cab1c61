import { endianness } from 'node:os';
import { oneBit, sampleArrays, type Samples, type SampleType } from './samples.ts';
import type { TiffStructure } from './structure.ts';

/** How a block's samples lie in its plain bytes; plain data, to be sent to another thread. */
export interface BlockLayout {
  /** TIFF's number. */
  readonly compression: number;
  readonly sampleType: SampleType;
  readonly littleEndian: boolean;
  readonly predictor: 1 | 2;
  /** Bands that lie together in a block. */
  readonly bands: number;
  readonly rowSamples: number;
  readonly blockHeight: number;
  /** The last strip may have fewer rows; tiles are always whole. */
  readonly tiled: boolean;
}

export function layoutOf(structure: TiffStructure): BlockLayout {
  const { compression, sampleType, littleEndian, predictor, blockHeight, tiled } = structure;
  const bands = structure.planar ? 1 : structure.samples;
  const rowSamples = structure.blockWidth * bands;
  return {
    compression,
    sampleType,
    littleEndian,
    predictor,
    bands,
    rowSamples,
    blockHeight,
    tiled,
  };
}

/** Bytes of a block once it is plain. @param rows of a strip */
export function plainBytes(rows: number, layout: BlockLayout): number {
  const { sampleType, rowSamples, blockHeight, tiled } = layout;
  return rowBytes(rowSamples, sampleType) * (tiled ? blockHeight : rows);
}

/** Plain bytes of so many samples; single bits end with a whole byte. */
export function rowBytes(samples: number, type: SampleType): number {
  return type === oneBit ? Math.ceil(samples / 8) : samples * sampleArrays[type].BYTES_PER_ELEMENT;
}

const machineIsLittle = endianness() === 'LE';

/** @param rows of a strip @throws `WHAT: ...` for too few bytes */
export function samplesOf(
  bytes: Uint8Array,
  rows: number,
  layout: BlockLayout,
  what: string,
): Samples {
  const array = sampleArrays[layout.sampleType];
  const size = array.BYTES_PER_ELEMENT;
  const needed = plainBytes(rows, layout);
  if (bytes.byteLength < needed)
    throw new Error(`${what}: expected ${needed} bytes, got ${bytes.byteLength}`);
  if (layout.sampleType === oneBit) return bitsOf(bytes.subarray(0, needed), layout.rowSamples);
  const count = needed / size;
  // Typed arrays start at whole samples.
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  if (size > 1 && layout.littleEndian !== machineIsLittle) swapBytes(aligned, size);
  const values = new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
  if (layout.predictor === 2) undoDifferences(values, layout.rowSamples, layout.bands);
  return values;
}

/** Samples of single bits, the highest first, rows beginning with whole bytes. */
function bitsOf(bytes: Uint8Array, rowSamples: number): Uint8Array<ArrayBuffer> {
  const bytesARow = Math.ceil(rowSamples / 8);
  return Uint8Array.from({ length: (bytes.length / bytesARow) * rowSamples }, (_, i) => {
    const x = i % rowSamples;
    const byte = bytes[Math.floor(i / rowSamples) * bytesARow + (x >> 3)] as number;
    return (byte >> (7 - (x & 7))) & 1;
  });
}

/** @param size of a sample: 2, 4 or 8 bytes */
function swapBytes({ buffer, byteOffset, byteLength }: Uint8Array, size: number): void {
  const whole = Buffer.from(buffer, byteOffset, byteLength - (byteLength % size));
  if (size === 2) whole.swap16();
  else if (size === 4) whole.swap32();
  else whole.swap64();
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
