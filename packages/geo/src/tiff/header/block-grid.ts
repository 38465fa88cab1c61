import { rowBytes } from '../block-layout.ts';
import type { SampleType } from '../samples.ts';
import type { TiffStructure } from '../structure.ts';
import type { Directory } from './directory.ts';
import { tags } from './tags.ts';

/** Blocks are decoded whole; above this a header asks for more memory than any tile deserves. */
const largestBlock = 2 ** 28;

/** How the image is cut into blocks. */
export type BlockGrid = Pick<
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

/** @throws `PATH: ...` for no pixels, or for blocks larger than memory is given for */
export function blockGridOf(directory: Directory, type: SampleType, path: string): BlockGrid {
  const width = directory.number(tags.width, 0);
  const height = directory.number(tags.height, 0);
  const samples = directory.number(tags.samplesPerPixel, 1);
  const tiled = directory.numbers(tags.tileOffsets) !== undefined;
  const rows = directory.number(tags.rowsPerStrip, height);
  const stripRows = rows > 0 ? Math.min(rows, height) : height;
  const blockWidth = tiled ? directory.number(tags.tileWidth, 0) : width;
  const blockHeight = tiled ? directory.number(tags.tileHeight, 0) : stripRows;
  const sides = [width, height, blockWidth, blockHeight, samples];
  if (!sides.every((side) => Number.isInteger(side) && side > 0))
    throw new Error(
      `${path}: expected an image of some pixels, got ${width} x ${height} in blocks of ` +
        `${blockWidth} x ${blockHeight}`,
    );
  const planar = arePlanes(directory, path) && samples > 1;
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
  const bytes = blockHeight * blockRowBytes(grid, type);
  if (bytes > largestBlock)
    throw new Error(
      `${path}: expected strips or tiles of at most ${largestBlock / 2 ** 20} MiB, got ` +
        `${Math.round(bytes / 2 ** 20)} MiB (the header says ${width} x ${height} pixels)`,
    );
  return grid;
}

/** Whether bands lie apart. @throws `PATH: ...` for a layout that TIFF does not have */
function arePlanes(directory: Directory, path: string): boolean {
  const layout = directory.number(tags.planarConfiguration, 1);
  if (layout === 1 || layout === 2) return layout === 2;
  throw new Error(`${path}: expected bands together (1) or apart (2), got ${layout}`);
}

/** Plain bytes of one row of a block. */
export const blockRowBytes = (
  { blockWidth, planar, samples }: BlockGrid,
  type: SampleType,
): number => rowBytes(blockWidth * (planar ? 1 : samples), type);
