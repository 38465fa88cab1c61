import { decodeImage } from '@noisy-pairs/imaging';
import { getDecoder, type GeoTIFFImage } from 'geotiff';
import { samplesOf, type BlockLayout } from './block-layout.ts';
import type { Samples } from './samples.ts';
import type { TiffStructure } from './structure.ts';

/**
 * Turns a block's bytes into samples, rows of pixels with their bands interleaved (one band where
 * bands lie apart).
 * @param rows of a strip; the last may have fewer
 */
export type DecodeBlock = (bytes: Buffer, rows: number, what: string) => Samples | Promise<Samples>;

export const isDeflate = ({ compression }: TiffStructure): boolean =>
  compression === 8 || compression === 32946;

export function layoutOf({
  kind,
  littleEndian,
  predictor,
  planar,
  samples,
  blockWidth,
  blockHeight,
  tiled,
}: TiffStructure): BlockLayout {
  const bands = planar ? 1 : samples;
  return {
    samples: kind,
    littleEndian,
    predictor,
    bands,
    rowSamples: blockWidth * bands,
    blockHeight,
    tiled,
  };
}

/**
 * For all but deflate, which has inflateBlocks: ours for no compression, geotiff's decoders for the
 * others.
 * @throws (later) `WHAT: ...` for bytes that do not decode, or to another number of samples
 */
export async function blockDecoder(
  image: GeoTIFFImage,
  structure: TiffStructure,
  path: string,
): Promise<DecodeBlock> {
  const { compression, array, samples, planar, blockWidth, blockHeight } = structure;
  const layout = layoutOf(structure);
  const { bands } = layout;
  const finish = (bytes: Uint8Array, rows: number, what: string): Samples =>
    samplesOf(bytes, rows, layout, what);
  if (compression === 1) return finish;

  const { fileDirectory } = image;
  if (compression === 7 && array === Uint8Array && structure.photometric === 6 && bands === 3) {
    // Colour differences are what JPEG libraries take for granted.
    const tables = fileDirectory.hasTag('JPEGTables')
      ? Buffer.from(
          Uint8Array.from(
            (await fileDirectory.loadValue('JPEGTables')) as unknown as ArrayLike<number>,
          ),
        )
      : undefined;
    return async (bytes, rows, what) => {
      // Tables end with an end-of-image mark and blocks begin with a start-of-image: two bytes
      // each.
      const jpeg = tables ? Buffer.concat([tables.subarray(0, -2), bytes.subarray(2)]) : bytes;
      return finish((await decodeImage(jpeg, what)).data, rows, what);
    };
  }
  const parameters = {
    tileWidth: blockWidth,
    tileHeight: blockHeight,
    predictor: 1,
    bitsPerSample: array.BYTES_PER_ELEMENT * 8,
    planarConfiguration: planar ? 2 : 1,
    samplesPerPixel: samples,
  };
  const decoder = await (async () => {
    try {
      const more = {
        ...(fileDirectory.hasTag('JPEGTables')
          ? { JPEGTables: (await fileDirectory.loadValue('JPEGTables')) as unknown }
          : {}),
        ...(fileDirectory.hasTag('LercParameters')
          ? { LercParameters: (await fileDirectory.loadValue('LercParameters')) as unknown }
          : {}),
      };
      return await getDecoder(compression, { ...parameters, ...more });
    } catch (error) {
      throw new Error(
        `${path}: expected a compression that geotiff knows, got number ${compression} ` +
          `(${(error as Error).message})`,
        { cause: error },
      );
    }
  })();
  return async (bytes, rows, what) => {
    let plain: ArrayBufferLike;
    try {
      plain = await decoder.decodeBlock(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      );
    } catch (error) {
      throw new Error(
        `${what}: expected bytes of compression ${compression}, got broken ones ` +
          `(${(error as Error).message})`,
        { cause: error },
      );
    }
    return finish(new Uint8Array(plain), rows, what);
  };
}
