import { plainBytes, type BlockLayout } from '../block-layout.ts';
import type { Samples } from '../samples.ts';
import { inflateBlock } from './inflate-block.ts';
import type { SharedUnpacker } from './shared-unpackers.ts';

/** Blocks that two threads inflate, each taking the next ones until there are none. */
export interface SharedBlocks {
  /** Number of blocks. */
  readonly count: number;
  /** Packed, one after another. */
  readonly packed: SharedArrayBuffer;
  /** Plain, one after another, each at its place. */
  readonly plain: SharedArrayBuffer;
  /** One number: the first block that nobody took. */
  readonly next: Int32Array;
  /**
   * For each block: its number in the file, its rows, where it begins in `packed`, its bytes there,
   * and where it goes in `plain`.
   */
  readonly table: Int32Array;
}
export const tableColumns = 5;

/** So many bytes are taken at once: few enough to end together, enough to meet seldom. */
const portion = 2 ** 16;

/**
 * Inflates blocks until none is left.
 * @param done told of each that this thread did, its samples in `plain`
 * @throws as inflateBlock; the other thread then finds none left
 */
export function inflateShared(
  unpacker: SharedUnpacker,
  { count, packed, plain, next, table }: SharedBlocks,
  layout: BlockLayout,
  path: string,
  done: (index: number, samples: Samples) => void,
): void {
  const atOnce = Math.max(1, Math.floor(portion / plainBytes(layout.blockHeight, layout)));
  const inflate = (i: number) => {
    const row = table.subarray(i * tableColumns, (i + 1) * tableColumns);
    const [block, rows, from, bytes, to] = row as unknown as [
      block: number,
      rows: number,
      from: number,
      bytes: number,
      to: number,
    ];
    const source = new Uint8Array(packed, from, bytes);
    const into = new Uint8Array(plain, to, plainBytes(rows, layout));
    done(i, inflateBlock(unpacker, source, rows, layout, `${path}, block ${block}`, into));
  };
  try {
    for (;;) {
      const first = Atomics.add(next, 0, atOnce);
      if (first >= count) return;
      for (let i = first; i < Math.min(first + atOnce, count); i++) inflate(i);
    }
  } finally {
    Atomics.store(next, 0, count);
  }
}
