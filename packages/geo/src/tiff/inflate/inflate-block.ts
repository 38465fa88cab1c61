import { samplesOf, type BlockLayout } from '../block-layout.ts';
import type { Samples } from '../samples.ts';
import type { SharedUnpacker } from './shared-unpackers.ts';

/**
 * Samples of a packed block, in `into` (of plainBytes, at a whole sample).
 * @throws `WHAT: ...` for bytes that do not unpack, or to fewer
 */
export function inflateBlock(
  { expected, unpack }: SharedUnpacker,
  bytes: Uint8Array,
  rows: number,
  layout: BlockLayout,
  what: string,
  into: Uint8Array,
): Samples {
  let count: number;
  try {
    count = unpack(bytes, into);
  } catch (error) {
    throw new Error(
      `${what}: expected ${expected}, got broken ones (${(error as Error).message})`,
      { cause: error },
    );
  }
  return samplesOf(into.subarray(0, count), rows, layout, what);
}
