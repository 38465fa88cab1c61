import type { SampleArray, Samples, SampleType } from './samples.ts';

/** How the first image of a TIFF lies in its file. */
export interface TiffStructure {
  readonly width: number;
  readonly height: number;
  /** Bands. */
  readonly samples: number;
  readonly array: SampleArray;
  readonly sampleType: SampleType;
  readonly littleEndian: boolean;
  /** TIFF's number: 1 none, 5 LZW, 7 JPEG, 8 deflate, ... */
  readonly compression: number;
  /** 1 none, 2 differences along a row. */
  readonly predictor: 1 | 2;
  /** The bits of each packed byte are stored last to first (FillOrder 2). */
  readonly reversesBits: boolean;
  /** Bands lie apart, in blocks of their own. */
  readonly planar: boolean;
  readonly photometric: number;
  /** The band of opacity. */
  readonly alpha: number | undefined;
  readonly tiled: boolean;
  /** Pixels of a block, a strip or tile; strips are as wide as the image. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Where each block begins, and its bytes; 0 bytes for one that was never written. */
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
  /** The value of GDAL's tag; null where there is none that the samples' type can hold. */
  readonly nodata: number | null;
  /** Value of blocks that were never written. */
  readonly unwritten: number;
}

/** Both of TIFF's numbers for it. */
export const isDeflate = (compression: number): boolean =>
  compression === 8 || compression === 32946;

/** Rows of a block that lie in the image: fewer in the last ones. */
export function rowsOf(
  structure: Pick<TiffStructure, 'height' | 'blockHeight' | 'blocksAcross' | 'blocksDown'>,
  block: number,
): number {
  const { height, blockHeight, blocksAcross, blocksDown } = structure;
  const row = Math.floor((block % (blocksAcross * blocksDown)) / blocksAcross);
  return Math.min(blockHeight, height - row * blockHeight);
}

/** The samples of a block that was never written. */
export function unwrittenBlock(structure: TiffStructure, block: number): Samples {
  const { array, samples, planar, tiled, blockWidth, blockHeight, unwritten } = structure;
  const rows = tiled ? blockHeight : rowsOf(structure, block);
  return new array(blockWidth * rows * (planar ? 1 : samples)).fill(unwritten);
}
