import { createHash } from 'node:crypto';
import { createBlockCache } from '../tiff/block-cache.ts';
import { openTiff } from '../tiff/tiff.ts';
import type { Window } from '../window.ts';

export interface ReadTiming {
  /** Median milliseconds a read, opening included. */
  readonly ms: number;
  /** SHA-256 of the samples, interleaved, in the machine's byte order; hexadecimal. */
  readonly sha256: string;
}

/** Times reads of our own, each with an empty cache. @param window default: the whole image */
export async function timeReads(
  file: string,
  window: Window | undefined,
  reads: number,
): Promise<ReadTiming> {
  const times: number[] = [];
  let sha256 = '';
  for (let i = 0; i < reads; i++) {
    const start = performance.now();
    const tiff = await openTiff(file, createBlockCache(0));
    const { width, height } = tiff.structure;
    const samples = await tiff.read(window ?? { x: 0, y: 0, width, height });
    times.push(performance.now() - start);
    if (i === reads - 1)
      sha256 = createHash('sha256')
        .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
        .digest('hex');
  }
  return { ms: median(times), sha256 };
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
