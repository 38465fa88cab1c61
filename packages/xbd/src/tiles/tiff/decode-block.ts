import { decodeImage } from '@noisy-pairs/imaging';
import { getDecoder, type GeoTIFFImage } from 'geotiff';
import { layoutOf, samplesOf } from './block-layout.ts';
import type { Samples } from './samples.ts';
import type { TiffStructure } from './structure.ts';

/**
 * Turns a block's bytes into samples, rows of pixels with their bands interleaved (one band where
 * bands lie apart).
 * @param rows of a strip; the last may have fewer
 */
export type DecodeBlock = (bytes: Buffer, rows: number, what: string) => Samples | Promise<Samples>;

/** Turns a block's bytes into plain ones, not yet in the machine's order nor without predictor. */
type Unpack = (bytes: Buffer, what: string) => Promise<Uint8Array>;

type Directory = GeoTIFFImage['fileDirectory'];

/**
 * A decoder for all but deflate, which has inflateBlocks: ours for no compression, geotiff's
 * decoders for the others.
 * @throws (later) `WHAT: ...` for bytes that do not decode, or to another number of samples
 */
export async function blockDecoder(
  { fileDirectory }: GeoTIFFImage,
  structure: TiffStructure,
  path: string,
): Promise<DecodeBlock> {
  const layout = layoutOf(structure);
  if (structure.compression === 1)
    return (bytes, rows, what) => samplesOf(bytes, rows, layout, what);
  const unpack = isColourJpeg(structure)
    ? await jpegUnpacker(fileDirectory)
    : await geotiffUnpacker(fileDirectory, structure, path);
  return async (bytes, rows, what) => samplesOf(await unpack(bytes, what), rows, layout, what);
}

/** JPEG of colour differences, which JPEG libraries take for granted. */
function isColourJpeg({ compression, array, photometric, planar, samples }: TiffStructure) {
  return compression === 7 && array === Uint8Array && photometric === 6 && samples === 3 && !planar;
}

async function jpegUnpacker(directory: Directory): Promise<Unpack> {
  const tables = directory.hasTag('JPEGTables')
    ? Buffer.from((await directory.loadValue('JPEGTables')) as unknown as number[])
    : undefined;
  return async (bytes, what) => {
    // Tables end with an end-of-image mark and blocks begin with a start-of-image: two bytes each.
    const jpeg = tables ? Buffer.concat([tables.subarray(0, -2), bytes.subarray(2)]) : bytes;
    return (await decodeImage(jpeg, what)).data;
  };
}

async function geotiffUnpacker(
  directory: Directory,
  structure: TiffStructure,
  path: string,
): Promise<Unpack> {
  const decoder = await openGeotiffDecoder(directory, structure, path);
  return async (bytes, what) => {
    const { buffer, byteOffset, byteLength } = bytes;
    try {
      return new Uint8Array(
        await decoder.decodeBlock(buffer.slice(byteOffset, byteOffset + byteLength)),
      );
    } catch (error) {
      throw new Error(
        `${what}: expected bytes of compression ${structure.compression}, got broken ones ` +
          `(${(error as Error).message})`,
        { cause: error },
      );
    }
  };
}

async function openGeotiffDecoder(
  directory: Directory,
  { compression, array, planar, samples, blockWidth, blockHeight }: TiffStructure,
  path: string,
): ReturnType<typeof getDecoder> {
  const parameters = {
    tileWidth: blockWidth,
    tileHeight: blockHeight,
    predictor: 1, // samplesOf undoes it
    bitsPerSample: array.BYTES_PER_ELEMENT * 8,
    planarConfiguration: planar ? 2 : 1,
    samplesPerPixel: samples,
  };
  try {
    const tables: Record<string, unknown> = {};
    for (const tag of ['JPEGTables', 'LercParameters'] as const)
      if (directory.hasTag(tag)) tables[tag] = await directory.loadValue(tag);
    return await getDecoder(compression, { ...parameters, ...tables });
  } catch (error) {
    throw new Error(
      `${path}: expected a compression that geotiff knows, got number ${compression} ` +
        `(${(error as Error).message})`,
      { cause: error },
    );
  }
}
