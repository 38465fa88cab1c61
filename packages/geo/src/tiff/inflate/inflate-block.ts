import { unpackLzw } from '../decode/lzw.ts';
import { compressions } from '../header/compressions.ts';
import { samplesOf, type BlockLayout } from '../block-layout.ts';
import type { Samples } from '../samples.ts';
import { createInflater, type InflateInto } from './inflater.ts';

let inflate: InflateInto | undefined;

/**
 * Samples of a block packed by deflate or LZW, in `into` (of plainBytes, at a whole sample).
 * @throws `WHAT: ...` for bytes that do not unpack, or to fewer
 */
export function inflateBlock(
  bytes: Uint8Array,
  rows: number,
  layout: BlockLayout,
  what: string,
  into: Uint8Array,
): Samples {
  const isLzw = layout.compression === compressions.lzw;
  inflate ??= createInflater();
  let count: number;
  try {
    count = isLzw ? unpackLzw(bytes, into) : inflate(bytes, into);
  } catch (error) {
    const expected = isLzw ? 'bytes of LZW' : 'deflated bytes';
    throw new Error(
      `${what}: expected ${expected}, got broken ones (${(error as Error).message})`,
      { cause: error },
    );
  }
  return samplesOf(into.subarray(0, count), rows, layout, what);
}
