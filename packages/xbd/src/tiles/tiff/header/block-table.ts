import type { SampleType } from '../samples.ts';
import { isDeflate, rowsOf } from '../structure.ts';
import { blockRowBytes, type BlockGrid } from './block-grid.ts';
import { compressions } from './compressions.ts';
import type { Directory } from './directory.ts';
import { tags } from './tags.ts';

/** Deflate cannot grow by more than this, so a block of fewer bytes is a lie. */
const largestGrowth = 1040;

/** Where each block begins, and its bytes; 0 bytes for one that was never written. */
export interface BlockTable {
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
}

/**
 * Byte counts that are missing, 0 or wrong are made good where rows and width tell them, as libtiff
 * does.
 * @throws `PATH: ...` if there are not as many blocks as the image has, if one ends beyond the file,
 *   or if one cannot hold as much as it should
 */
export function blockTableOf(
  directory: Directory,
  grid: BlockGrid,
  type: SampleType,
  compression: number,
  path: string,
): BlockTable {
  const { width, height, samples, planar, tiled, blocksAcross, blocksDown } = grid;
  const offsets = directory.numbers(tiled ? tags.tileOffsets : tags.stripOffsets) ?? [];
  const said = directory.numbers(tiled ? tags.tileByteCounts : tags.stripByteCounts);
  const blocks = blocksAcross * blocksDown * (planar ? samples : 1);
  if (offsets.length !== blocks || (said && said.length !== blocks))
    throw new Error(
      `${path}: expected ${blocks} strips or tiles, got ${offsets.length} offsets and ` +
        `${said?.length ?? 0} sizes (the header says ${width} x ${height} pixels)`,
    );
  const perRow = blockRowBytes(grid, type);
  const plain = (block: number) => perRow * (tiled ? grid.blockHeight : rowsOf(grid, block));
  const isPlain = compression === compressions.none;
  const byteCounts = isPlain
    ? plainCounts(offsets, said, plain, path)
    : packedCounts(offsets, said, directory.fileBytes, path);
  checkEnds(offsets, byteCounts, directory.fileBytes, path);
  if (isDeflate(compression)) checkGrowth(byteCounts, plain, path);
  return { offsets, byteCounts };
}

type Counts = ArrayLike<number>;
type PlainBytes = (block: number) => number;

function plainCounts(
  offsets: Counts,
  said: Counts | undefined,
  plain: PlainBytes,
  path: string,
): Float64Array {
  const isSingle = offsets.length === 1;
  return Float64Array.from(offsets, (offset, block) => {
    const bytes = plain(block);
    const count = said?.[block] ?? 0;
    if (offset === 0 && count === 0) return 0;
    if (count > 0 && count < bytes && !isSingle)
      throw new Error(`${path}, block ${block}: expected ${bytes} bytes, got ${count}`);
    return bytes;
  });
}

/** A block whose bytes are not told ends at the next one or at the file's end. */
function packedCounts(
  offsets: Counts,
  said: Counts | undefined,
  fileBytes: number,
  path: string,
): Counts {
  const isTold = said && !Array.from(said).some((count, i) => count === 0 && offsets[i] !== 0);
  if (isTold) return said;
  if (said && offsets.length > 1)
    throw new Error(
      `${path}: expected the bytes of each strip or tile, got 0 of one that begins at a byte`,
    );
  const sorted = Float64Array.from(offsets).sort();
  return Float64Array.from(offsets, (offset) => {
    if (offset === 0) return 0;
    const next = sorted.find((other) => other > offset) ?? fileBytes;
    return Math.max(0, next - offset);
  });
}

function checkEnds(offsets: Counts, byteCounts: Counts, size: number, path: string): void {
  for (let block = 0; block < offsets.length; block++) {
    const end = (offsets[block] as number) + (byteCounts[block] as number);
    if (end > size || (offsets[block] as number) > size)
      throw new Error(
        `${path}: expected a whole file, got one that is cut off: block ${block} ends at byte ` +
          `${end} of ${size}`,
      );
  }
}

function checkGrowth(byteCounts: Counts, plain: PlainBytes, path: string): void {
  for (let block = 0; block < byteCounts.length; block++) {
    const count = byteCounts[block] as number;
    const bytes = plain(block);
    if (count > 0 && count * largestGrowth < bytes)
      throw new Error(
        `${path}: expected block ${block} to hold ${bytes} bytes, got ${count} packed ones, ` +
          'which cannot',
      );
  }
}
