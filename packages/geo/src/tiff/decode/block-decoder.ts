import { layoutOf, plainBytes, samplesOf } from '../block-layout.ts';
import { compressions } from '../header/compressions.ts';
import type { Directory } from '../header/directory.ts';
import { createInflater } from '../inflate/inflater.ts';
import type { Samples } from '../samples.ts';
import type { TiffStructure } from '../structure.ts';
import { jpegUnpacker } from './jpeg.ts';
import { lercUnpacker } from './lerc.ts';
import { unpackLzw } from './lzw.ts';
import { unpackBits } from './packbits.ts';
import type { Unpack } from './unpack.ts';
import { openZstd } from './zstd.ts';

/**
 * Turns a block's bytes into samples, rows of pixels with their bands interleaved (one band where
 * bands lie apart).
 * @param rows of a strip; the last may have fewer
 */
export type DecodeBlock = (bytes: Buffer, rows: number, what: string) => Samples | Promise<Samples>;

/**
 * A decoder of any compression that is read; of many deflated blocks, inflateBlocks is faster.
 * @throws `PATH: ...` for a JPEG that is not read; later `WHAT: ...` for bytes that do not decode,
 *   or to fewer samples
 */
export async function blockDecoder(
  directory: Directory,
  structure: TiffStructure,
  path: string,
): Promise<DecodeBlock> {
  const layout = layoutOf(structure);
  if (structure.compression === compressions.none)
    return (bytes, rows, what) => samplesOf(bytes, rows, layout, what);
  const [name, unpack] = await unpackerOf(directory, structure, path);
  return async (bytes, rows, what) => {
    let plain: Uint8Array;
    try {
      plain = await unpack(bytes, plainBytes(rows, layout), what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message.startsWith(what)) throw error;
      throw new Error(`${what}: expected bytes of ${name}, got broken ones (${message})`, {
        cause: error,
      });
    }
    return samplesOf(plain, rows, layout, what);
  };
}

async function unpackerOf(
  directory: Directory,
  structure: TiffStructure,
  path: string,
): Promise<[name: string, unpack: Unpack]> {
  switch (structure.compression) {
    case compressions.lzw:
      return ['LZW', into(unpackLzw)];
    case compressions.packBits:
      return ['PackBits', into(unpackBits)];
    case compressions.zstd:
      return ['zstd', await openZstd()];
    case compressions.jpeg:
      return ['JPEG', jpegUnpacker(directory, structure, path)];
    case compressions.lerc:
      return ['LERC', await lercUnpacker(directory, structure)];
    default:
      return ['deflate', into(createInflater())];
  }
}

/** Unpacks into new memory of just the plain size. */
const into =
  (unpack: (bytes: Uint8Array, into: Uint8Array) => number): Unpack =>
  (bytes, length) => {
    const plain = new Uint8Array(length);
    return plain.subarray(0, unpack(bytes, plain));
  };
