import { endianness } from 'node:os';
import { promisify } from 'node:util';
import { constants, inflate, inflateSync } from 'node:zlib';
import { decodeImage } from '@noisy-pairs/imaging';
import { getDecoder, type GeoTIFFImage } from 'geotiff';
import type { Samples, TiffStructure } from './structure.ts';

/** Turns a block's bytes into samples, rows of pixels with their bands interleaved (one band where bands lie apart). @param rows of a strip; the last may have fewer */
export type DecodeBlock = (bytes: Buffer, rows: number, what: string) => Samples | Promise<Samples>;

/** Deflated blocks from this size on are worth another thread. */
const largeBlock = 2 ** 15;
const inflateElsewhere = promisify(inflate);

const machineIsLittle = endianness() === 'LE';

/**
 * Ours for no compression and deflate, whose time goes into zlib and one pass over the samples; geotiff's decoders for the others.
 * @throws (later) `WHAT: ...` for bytes that do not decode, or to another number of samples
 */
export async function blockDecoder(image: GeoTIFFImage, structure: TiffStructure, path: string): Promise<DecodeBlock> {
  const { compression, array, samples, planar, blockWidth, blockHeight, predictor, littleEndian, tiled } = structure;
  const bands = planar ? 1 : samples;
  const rowSamples = blockWidth * bands;
  const finish = (bytes: Uint8Array, rows: number, what: string): Samples => {
    const expected = rowSamples * (tiled ? blockHeight : rows);
    const size = array.BYTES_PER_ELEMENT;
    if (bytes.byteLength < expected * size) throw new Error(`${what}: expected ${expected * size} bytes, got ${bytes.byteLength}`);
    // Typed arrays start at whole samples.
    const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
    if (size > 1 && littleEndian !== machineIsLittle) swap(aligned, size);
    const values = new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, expected);
    if (predictor === 2) undoDifferences(values, rowSamples, bands);
    return values;
  };

  if (compression === 1) return finish;
  if (compression === 8 || compression === 32946) {
    const most = rowSamples * blockHeight * array.BYTES_PER_ELEMENT;
    const options = { chunkSize: Math.max(64, most), maxOutputLength: Math.max(64, most), finishFlush: constants.Z_SYNC_FLUSH };
    const broken = (what: string, error: unknown) => new Error(`${what}: expected deflated bytes, got broken ones (${(error as Error).message})`, { cause: error });
    if (most >= largeBlock) {
      return async (bytes, rows, what) => {
        const plain = await inflateElsewhere(bytes, options).catch((error: unknown) => { throw broken(what, error); });
        return finish(plain, rows, what);
      };
    }
    return (bytes, rows, what) => {
      let plain: Buffer;
      try {
        plain = inflateSync(bytes, options);
      } catch (error) {
        throw broken(what, error);
      }
      return finish(plain, rows, what);
    };
  }

  const { fileDirectory } = image;
  if (compression === 7 && array === Uint8Array && structure.photometric === 6 && bands === 3) {
    // Colour differences are what JPEG libraries take for granted.
    const tables = fileDirectory.hasTag('JPEGTables') ? Buffer.from(Uint8Array.from((await fileDirectory.loadValue('JPEGTables')) as unknown as ArrayLike<number>)) : undefined;
    return async (bytes, rows, what) => {
      // Tables end with an end-of-image mark and blocks begin with a start-of-image: two bytes each.
      const jpeg = tables ? Buffer.concat([tables.subarray(0, -2), bytes.subarray(2)]) : bytes;
      return finish((await decodeImage(jpeg, what)).data, rows, what);
    };
  }
  const parameters = { tileWidth: blockWidth, tileHeight: blockHeight, predictor: 1, bitsPerSample: array.BYTES_PER_ELEMENT * 8, planarConfiguration: planar ? 2 : 1, samplesPerPixel: samples };
  const decoder = await (async () => {
    try {
      const more = {
        ...(fileDirectory.hasTag('JPEGTables') ? { JPEGTables: (await fileDirectory.loadValue('JPEGTables')) as unknown } : {}),
        ...(fileDirectory.hasTag('LercParameters') ? { LercParameters: (await fileDirectory.loadValue('LercParameters')) as unknown } : {}),
      };
      return await getDecoder(compression, { ...parameters, ...more });
    } catch (error) {
      throw new Error(`${path}: expected a compression that geotiff knows, got number ${compression} (${(error as Error).message})`, { cause: error });
    }
  })();
  return async (bytes, rows, what) => {
    let plain: ArrayBufferLike;
    try {
      plain = await decoder.decodeBlock(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    } catch (error) {
      throw new Error(`${what}: expected bytes of compression ${compression}, got broken ones (${(error as Error).message})`, { cause: error });
    }
    return finish(new Uint8Array(plain), rows, what);
  };
}

function swap(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % size));
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** Sums along each row, band by band; typed arrays wrap around as the format wants. */
function undoDifferences(values: Samples, rowSamples: number, bands: number): void {
  for (let row = 0; row < values.length; row += rowSamples) {
    const end = row + rowSamples;
    if (bands === 3) {
      let a = values[row] as number, b = values[row + 1] as number, c = values[row + 2] as number;
      for (let i = row + 3; i < end; i += 3) {
        a = values[i] = ((values[i] as number) + a) | 0;
        b = values[i + 1] = ((values[i + 1] as number) + b) | 0;
        c = values[i + 2] = ((values[i + 2] as number) + c) | 0;
      }
    } else {
      for (let i = row + bands; i < end; i++) values[i] = (values[i] as number) + (values[i - bands] as number);
    }
  }
}
