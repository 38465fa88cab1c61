import { samplesOf, type BlockLayout } from '../block-layout.ts';
import type { Samples } from '../samples.ts';
import { createInflater, type InflateInto } from './inflater.ts';

let inflate: InflateInto | undefined;

/**
 * Samples of a deflated block, in `into` (of plainBytes, at a whole sample).
 * @throws `WHAT: ...` for bytes that do not inflate, or to fewer
 */
export function inflateBlock(
  bytes: Uint8Array,
  rows: number,
  layout: BlockLayout,
  what: string,
  into: Uint8Array,
): Samples {
  inflate ??= createInflater();
  let count: number;
  try {
    count = inflate(bytes, into);
  } catch (error) {
    throw new Error(
      `${what}: expected deflated bytes, got broken ones (${(error as Error).message})`,
      { cause: error },
    );
  }
  return samplesOf(into.subarray(0, count), rows, layout, what);
}
