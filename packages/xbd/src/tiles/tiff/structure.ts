import { stat } from 'node:fs/promises';
import { fromFile, type GeoTIFF, type GeoTIFFImage } from 'geotiff';
import { sampleArrays, type SampleArray } from './samples.ts';

/** How the first image of a TIFF lies in its file. */
export interface TiffStructure {
  readonly width: number;
  readonly height: number;
  /** Bands. */
  readonly samples: number;
  readonly array: SampleArray;
  /** Its key in sampleArrays. */
  readonly kind: keyof typeof sampleArrays;
  readonly littleEndian: boolean;
  /** TIFF's number: 1 none, 5 LZW, 7 JPEG, 8 deflate, ... */
  readonly compression: number;
  /** 1 none, 2 differences along a row. */
  readonly predictor: 1 | 2;
  /** Bands lie apart, in blocks of their own. */
  readonly planar: boolean;
  readonly photometric: number;
  readonly tiled: boolean;
  /** Of a strip or tile; strips are as wide as the image. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Where each block begins, and its bytes; 0 and 0 for one that was never written. */
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
  /** Of GDAL's tag. */
  readonly nodata: number | null;
}

/** Blocks are decoded whole; above this a header asks for more memory than any tile deserves. */
const largestBlock = 2 ** 28;
/** Deflate cannot grow by more than this, so a block of fewer bytes is a lie. */
const largestGrowth = 1040;

/**
 * Reads the header; the image is for its tags, its file is closed.
 * @throws `PATH: ...` if it is no TIFF, or one that is cut off, or of a kind that is not read
 */
export async function openStructure(
  path: string,
): Promise<{ structure: TiffStructure; image: GeoTIFFImage }> {
  let tiff: GeoTIFF;
  try {
    tiff = await fromFile(path);
  } catch (error) {
    throw new Error(`${path}: expected a TIFF, got something else (${(error as Error).message})`, {
      cause: error,
    });
  }
  try {
    const image = await tiff.getImage();
    return { structure: await structureOf(image, path), image };
  } catch (error) {
    const { message } = error as Error;
    throw message.startsWith(path)
      ? error
      : new Error(
          `${path}: expected a whole TIFF, got one that is cut off or broken (${message})`,
          { cause: error },
        );
  } finally {
    await tiff.close();
  }
}

async function structureOf(image: GeoTIFFImage, path: string): Promise<TiffStructure> {
  const directory = image.fileDirectory;
  const number = (tag: Parameters<typeof directory.getValue>[0], otherwise: number) =>
    (directory.getValue(tag) as number | undefined) ?? otherwise;
  const all = async (
    tag:
      | 'BitsPerSample'
      | 'SampleFormat'
      | 'StripOffsets'
      | 'TileOffsets'
      | 'StripByteCounts'
      | 'TileByteCounts',
  ) =>
    directory.hasTag(tag)
      ? ((await directory.loadValue(tag)) as ArrayLike<number> | number)
      : undefined;
  const [width, height, samples] = [
    image.getWidth(),
    image.getHeight(),
    image.getSamplesPerPixel(),
  ];

  const one = (values: ArrayLike<number> | number | undefined, otherwise: number, what: string) => {
    const list =
      values === undefined
        ? [otherwise]
        : typeof values === 'number'
          ? [values]
          : Array.from(values);
    if (new Set(list).size !== 1)
      throw new Error(`${path}: expected one ${what} for all bands, got ${list.join(', ')}`);
    return list[0] as number;
  };
  const bits = one(await all('BitsPerSample'), 1, 'number of bits');
  const format = one(await all('SampleFormat'), 1, 'sample format');
  const kind = `${format}/${bits}` as keyof typeof sampleArrays;
  const array = (sampleArrays as Partial<Record<string, SampleArray>>)[kind];
  if (!array)
    throw new Error(
      `${path}: expected samples of 8, 16, 32 or (floats) 64 bits, got sample format ${format} ` +
        `of ${bits} bits`,
    );
  const predictor = directory.hasTag('Predictor')
    ? Number(await directory.loadValue('Predictor'))
    : 1;
  if (predictor !== 1 && (predictor !== 2 || format === 3))
    throw new Error(`${path}: expected predictor 1, or 2 with whole numbers, got ${predictor}`);

  const tiled = directory.hasTag('TileOffsets');
  const blockWidth = tiled ? number('TileWidth', 0) : width;
  const blockHeight = tiled
    ? number('TileLength', 0)
    : Math.min(number('RowsPerStrip', height), height);
  if (!(width > 0 && height > 0 && blockWidth > 0 && blockHeight > 0 && samples > 0))
    throw new Error(
      `${path}: expected an image of some pixels, got ${width} x ${height} in blocks of ` +
        `${blockWidth} x ${blockHeight}`,
    );
  const planar = number('PlanarConfiguration', 1) === 2 && samples > 1;
  const bytes = blockWidth * blockHeight * (planar ? 1 : samples) * (bits / 8);
  if (bytes > largestBlock)
    throw new Error(
      `${path}: expected strips or tiles of at most ${largestBlock / 2 ** 20} MiB, got ` +
        `${Math.round(bytes / 2 ** 20)} MiB (the header says ${width} x ${height} pixels)`,
    );
  const blocksAcross = Math.ceil(width / blockWidth);
  const blocksDown = Math.ceil(height / blockHeight);

  const [offsets, byteCounts] = [
    await all(tiled ? 'TileOffsets' : 'StripOffsets'),
    await all(tiled ? 'TileByteCounts' : 'StripByteCounts'),
  ].map((values) => (typeof values === 'number' ? [values] : (values ?? []))) as [
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  const blocks = blocksAcross * blocksDown * (planar ? samples : 1);
  if (offsets.length !== blocks || byteCounts.length !== blocks)
    throw new Error(
      `${path}: expected ${blocks} strips or tiles, got ${offsets.length} offsets and ` +
        `${byteCounts.length} sizes (the header says ${width} x ${height} pixels)`,
    );
  const { size } = await stat(path);
  const compression = number('Compression', 1);
  for (let i = 0; i < blocks; i++) {
    const offset = Number(offsets[i]);
    const count = Number(byteCounts[i]);
    if (offset + count > size)
      throw new Error(
        `${path}: expected a whole file, got one that is cut off: block ${i} ends at byte ` +
          `${offset + count} of ${size}`,
      );
    if (
      count > 0 &&
      count * largestGrowth < bytes &&
      (compression === 8 || compression === 32946) &&
      i < blocks - blocksAcross
    )
      throw new Error(
        `${path}: expected block ${i} to hold ${bytes} bytes, got ${count} packed ones, which ` +
          'cannot',
      );
  }
  return {
    width,
    height,
    samples,
    array,
    kind,
    littleEndian: image.littleEndian,
    compression,
    predictor,
    planar,
    photometric: number('PhotometricInterpretation', 1),
    tiled,
    blockWidth,
    blockHeight,
    blocksAcross,
    blocksDown,
    offsets,
    byteCounts,
    nodata: image.getGDALNoData(),
  };
}
