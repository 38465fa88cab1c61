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
 * @throws `PATH: ...` if there are not as many blocks as the image has, or if one ends beyond the
 *   file or cannot hold as much as it should
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
  if (!said && blocks > (planar ? samples : 1))
    throw new Error(
      `${path}: expected byte counts of its ${blocks} strips or tiles, got none, which can be ` +
        'made good for one alone',
    );
  const perRow = blockRowBytes(grid, type);
  const plain = (block: number) => perRow * (tiled ? grid.blockHeight : rowsOf(grid, block));
  // Of a single strip libtiff believes no count that looks bad, of several blocks each.
  const isMistold = !tiled && blocks === 1 && said?.[0] === 0;
  const told = isMistold ? undefined : said;
  requireCounts(offsets, told, path);
  const isPlain = compression === compressions.none;
  const byteCounts = isPlain
    ? plainCounts(offsets, told, plain, path)
    : packedCounts(offsets, told, directory.fileBytes);
  checkEnds(offsets, byteCounts, directory.fileBytes, path);
  if (isDeflate(compression)) checkGrowth(byteCounts, plain, path);
  return { offsets, byteCounts };
}

type Counts = ArrayLike<number>;
type PlainBytes = (block: number) => number;

/** @throws for a block that is neither there nor marked as never written, by 0 bytes at 0 */
function requireCounts(offsets: Counts, told: Counts | undefined, path: string): void {
  for (let block = 0; block < offsets.length; block++) {
    const offset = offsets[block] as number;
    if (told ? told[block] === 0 && offset !== 0 : offset === 0)
      throw new Error(
        `${path}, block ${block}: expected a count of bytes, got ${told ? 0 : 'none'} for one ` +
          `at byte ${offset}`,
      );
  }
}

/** Rows and width tell the bytes of plain blocks. */
function plainCounts(
  offsets: Counts,
  told: Counts | undefined,
  plain: PlainBytes,
  path: string,
): Float64Array {
  return Float64Array.from(offsets, (_, block) => {
    const bytes = plain(block);
    const count = told?.[block] ?? bytes;
    if (count === 0) return 0;
    if (count < bytes && offsets.length > 1)
      throw new Error(`${path}, block ${block}: expected ${bytes} bytes, got ${count}`);
    return bytes;
  });
}

/** A packed block whose bytes are not told ends at the next one or at the file's end. */
function packedCounts(offsets: Counts, told: Counts | undefined, fileBytes: number): Counts {
  if (told) return told;
  const ends = new Map<number, number>();
  let end = fileBytes;
  for (const offset of Float64Array.from(new Set(Array.from(offsets)))
    .sort()
    .reverse()) {
    ends.set(offset, end);
    end = offset;
  }
  return Float64Array.from(offsets, (offset) => Math.max(0, (ends.get(offset) as number) - offset));
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
