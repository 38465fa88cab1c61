import { stat } from 'node:fs/promises';
import { fromFile, type GeoTIFF, type GeoTIFFImage } from 'geotiff';
import { sampleArrays, type SampleArray, type SampleType } from './samples.ts';
import { isDeflate, type TiffStructure } from './structure.ts';

type Directory = GeoTIFFImage['fileDirectory'];

/** Blocks are decoded whole; above this a header asks for more memory than any tile deserves. */
const largestBlock = 2 ** 28;
/** Deflate cannot grow by more than this, so a block of fewer bytes is a lie. */
const largestGrowth = 1040;

/**
 * Reads the header; the image is for its tags, its file is closed.
 * @throws `PATH: ...` if it is no TIFF, or one that is cut off, or of a layout that is not read
 */
export async function openStructure(
  path: string,
): Promise<{ structure: TiffStructure; image: GeoTIFFImage }> {
  const tiff = await openFile(path);
  try {
    const image = await tiff.getImage();
    return { structure: await structureOf(image, path), image };
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith(path)) throw error;
    throw new Error(
      `${path}: expected a whole TIFF, got one that is cut off or broken (${message})`,
      { cause: error },
    );
  } finally {
    await tiff.close();
  }
}

async function openFile(path: string): Promise<GeoTIFF> {
  try {
    return await fromFile(path);
  } catch (error) {
    throw new Error(`${path}: expected a TIFF, got something else (${(error as Error).message})`, {
      cause: error,
    });
  }
}

async function structureOf(image: GeoTIFFImage, path: string): Promise<TiffStructure> {
  const directory = image.fileDirectory;
  const format = await sampleFormatOf(directory, path);
  const predictor = await predictorOf(directory, format.sampleType, path);
  const grid = blockGridOf(image, format.array, path);
  const [offsets, byteCounts] = await blockTableOf(directory, grid, path);
  const compression = numberAt(directory, 'Compression', 1);
  const structure: TiffStructure = {
    ...format,
    ...grid,
    littleEndian: image.littleEndian,
    compression,
    predictor,
    photometric: numberAt(directory, 'PhotometricInterpretation', 1),
    offsets,
    byteCounts,
    nodata: image.getGDALNoData(),
  };
  await checkBlocks(structure, path);
  return structure;
}

/** The array and the key of the samples' type, which all bands must share. */
async function sampleFormatOf(
  directory: Directory,
  path: string,
): Promise<{ array: SampleArray; sampleType: SampleType }> {
  const one = async (tag: 'BitsPerSample' | 'SampleFormat', what: string) => {
    const values = Array.from((await valuesAt(directory, tag)) ?? [1]);
    if (new Set(values).size !== 1)
      throw new Error(`${path}: expected one ${what} for all bands, got ${values.join(', ')}`);
    return values[0] as number;
  };
  const bits = await one('BitsPerSample', 'number of bits');
  const format = await one('SampleFormat', 'sample format');
  const sampleType = `${format}/${bits}`;
  if (!isSampleType(sampleType))
    throw new Error(
      `${path}: expected samples of 8, 16, 32 or (floats) 64 bits, got sample format ${format} ` +
        `of ${bits} bits`,
    );
  return { array: sampleArrays[sampleType], sampleType };
}

const isSampleType = (text: string): text is SampleType => Object.hasOwn(sampleArrays, text);

async function predictorOf(
  directory: Directory,
  sampleType: SampleType,
  path: string,
): Promise<1 | 2> {
  const predictor = (await valuesAt(directory, 'Predictor'))?.[0] ?? 1;
  const isFloat = sampleType.startsWith('3/');
  if (predictor === 1 || (predictor === 2 && !isFloat)) return predictor;
  throw new Error(`${path}: expected predictor 1, or 2 with whole numbers, got ${predictor}`);
}

/** How the image is cut into blocks. */
type BlockGrid = Pick<
  TiffStructure,
  | 'width'
  | 'height'
  | 'samples'
  | 'planar'
  | 'tiled'
  | 'blockWidth'
  | 'blockHeight'
  | 'blocksAcross'
  | 'blocksDown'
>;

function blockGridOf(image: GeoTIFFImage, array: SampleArray, path: string): BlockGrid {
  const directory = image.fileDirectory;
  const width = image.getWidth();
  const height = image.getHeight();
  const samples = image.getSamplesPerPixel();
  const tiled = directory.hasTag('TileOffsets');
  const stripRows = Math.min(numberAt(directory, 'RowsPerStrip', height), height);
  const blockWidth = tiled ? numberAt(directory, 'TileWidth', 0) : width;
  const blockHeight = tiled ? numberAt(directory, 'TileLength', 0) : stripRows;
  if (!(width > 0 && height > 0 && blockWidth > 0 && blockHeight > 0 && samples > 0))
    throw new Error(
      `${path}: expected an image of some pixels, got ${width} x ${height} in blocks of ` +
        `${blockWidth} x ${blockHeight}`,
    );
  const planar = numberAt(directory, 'PlanarConfiguration', 1) === 2 && samples > 1;
  const grid = {
    width,
    height,
    samples,
    planar,
    tiled,
    blockWidth,
    blockHeight,
    blocksAcross: Math.ceil(width / blockWidth),
    blocksDown: Math.ceil(height / blockHeight),
  };
  const bytes = plainBlockBytes(grid, array);
  if (bytes > largestBlock)
    throw new Error(
      `${path}: expected strips or tiles of at most ${largestBlock / 2 ** 20} MiB, got ` +
        `${Math.round(bytes / 2 ** 20)} MiB (the header says ${width} x ${height} pixels)`,
    );
  return grid;
}

const plainBlockBytes = (
  { blockWidth, blockHeight, planar, samples }: BlockGrid,
  { BYTES_PER_ELEMENT }: SampleArray,
) => blockWidth * blockHeight * (planar ? 1 : samples) * BYTES_PER_ELEMENT;

/** Offset and bytes of each block. @throws if they are not as many as the image has blocks */
async function blockTableOf(
  directory: Directory,
  { width, height, samples, planar, tiled, blocksAcross, blocksDown }: BlockGrid,
  path: string,
): Promise<[offsets: ArrayLike<number>, byteCounts: ArrayLike<number>]> {
  const [offsetTag, countTag] = tiled
    ? (['TileOffsets', 'TileByteCounts'] as const)
    : (['StripOffsets', 'StripByteCounts'] as const);
  const offsets = (await valuesAt(directory, offsetTag)) ?? [];
  const byteCounts = (await valuesAt(directory, countTag)) ?? [];
  const blocks = blocksAcross * blocksDown * (planar ? samples : 1);
  if (offsets.length !== blocks || byteCounts.length !== blocks)
    throw new Error(
      `${path}: expected ${blocks} strips or tiles, got ${offsets.length} offsets and ` +
        `${byteCounts.length} sizes (the header says ${width} x ${height} pixels)`,
    );
  return [offsets, byteCounts];
}

/** @throws if a block ends beyond the file, or cannot hold as much as it should */
async function checkBlocks(structure: TiffStructure, path: string): Promise<void> {
  const { offsets, byteCounts, compression, blocksAcross } = structure;
  const { size } = await stat(path);
  const bytes = plainBlockBytes(structure, structure.array);
  // The last row of blocks may be lower than the others.
  const whole = offsets.length - blocksAcross;
  for (let block = 0; block < offsets.length; block++) {
    const count = Number(byteCounts[block]);
    const end = Number(offsets[block]) + count;
    if (end > size)
      throw new Error(
        `${path}: expected a whole file, got one that is cut off: block ${block} ends at byte ` +
          `${end} of ${size}`,
      );
    const tooSmall = count > 0 && count * largestGrowth < bytes;
    if (tooSmall && isDeflate(compression) && block < whole)
      throw new Error(
        `${path}: expected block ${block} to hold ${bytes} bytes, got ${count} packed ones, ` +
          'which cannot',
      );
  }
}

function numberAt(
  directory: Directory,
  tag: Parameters<Directory['getValue']>[0],
  otherwise: number,
): number {
  return (directory.getValue(tag) as number | undefined) ?? otherwise;
}

/** The values of a tag that may lie elsewhere in the file; undefined where there is none. */
async function valuesAt(
  directory: Directory,
  tag: Parameters<Directory['loadValue']>[0],
): Promise<ArrayLike<number> | undefined> {
  if (!directory.hasTag(tag)) return undefined;
  const values = (await directory.loadValue(tag)) as ArrayLike<number> | number;
  return typeof values === 'number' ? [values] : values;
}
