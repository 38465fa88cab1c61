import { openRegularFile } from '@noisy-pairs/imaging';
import { reverseBits } from './decode/reverse-bits.ts';
import type { TiffStructure } from './structure.ts';

/** Blocks whose gaps are smaller than this are fetched in one read. */
const smallGap = 2 ** 14;
/** Bytes of one read at most. */
const largestRead = 2 ** 30;

/** A part of a file, in bytes. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Run extends ByteRange {
  end: number;
  readonly blocks: number[];
}

/**
 * The packed bytes of blocks; those that were never written are left out.
 * @throws `PATH: ...` if the file has become shorter
 */
export async function fetchBlocks(
  path: string,
  structure: TiffStructure,
  blocks: readonly number[],
): Promise<Map<number, Buffer>> {
  const found = new Map<number, Buffer>();
  const runs = runsOf(structure, blocks);
  if (runs.length === 0) return found;
  const parts = await readRanges(path, runs);
  for (const [i, run] of runs.entries()) {
    const bytes = parts[i] as Buffer;
    if (structure.reversesBits) reverseBits(bytes);
    for (const block of run.blocks) {
      const from = Number(structure.offsets[block]) - run.start;
      found.set(block, bytes.subarray(from, from + Number(structure.byteCounts[block])));
    }
  }
  return found;
}

/** Neighbours together, to be fetched in one read. */
function runsOf({ offsets, byteCounts }: TiffStructure, blocks: readonly number[]): Run[] {
  const sorted = blocks
    .filter((block) => Number(byteCounts[block]) > 0)
    .sort((a, b) => Number(offsets[a]) - Number(offsets[b]));
  const runs: Run[] = [];
  for (const block of sorted) {
    const start = Number(offsets[block]);
    const end = start + Number(byteCounts[block]);
    const last = runs.at(-1);
    // Blocks that share bytes are read apart: each is decoded in its own memory.
    const isNear = last && start >= last.end && start - last.end <= smallGap;
    if (isNear && end - last.start < largestRead) {
      last.end = end;
      last.blocks.push(block);
    } else runs.push({ start, end, blocks: [block] });
  }
  return runs;
}

/** @throws `PATH: ...` if the file has become shorter, or is none any more */
export async function readRanges(path: string, ranges: readonly ByteRange[]): Promise<Buffer[]> {
  const file = await openRegularFile(path);
  try {
    const found: Buffer[] = [];
    for (const { start, end } of ranges) {
      const bytes = Buffer.allocUnsafeSlow(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length)
        throw new Error(
          `${path}: expected ${bytes.length} bytes at ${start}, got ${bytesRead}: the file is ` +
            'cut off',
        );
      found.push(bytes);
    }
    return found;
  } finally {
    await file.close();
  }
}
