import { createHash, type Hash } from 'node:crypto';
import type { PairCrop } from './pair-set.ts';

/** Hashes of a pair's pixels, by which the same image is found twice. */
export interface Fingerprints {
  readonly first: string;
  readonly second: string;
  /** Whether an image is one colour throughout, as blank ones are, which are no duplicates. */
  readonly blank: { readonly first: boolean; readonly second: boolean };
}

/** Takes a pair's crops in turn. */
export function fingerprints(): { add(crop: PairCrop): void; end(): Fingerprints } {
  const [first, second] = [sideOf(), sideOf()];
  return {
    add(crop) {
      first.add(crop.first.data);
      second.add(crop.second.data);
    },
    end: () => ({
      first: first.hash.digest('hex'),
      second: second.hash.digest('hex'),
      blank: { first: first.isBlank(), second: second.isBlank() },
    }),
  };
}

function sideOf(): { hash: Hash; add(data: Uint8Array): void; isBlank(): boolean } {
  const hash = createHash('sha256');
  let blank = true;
  return {
    hash,
    add(data) {
      hash.update(data);
      blank &&= data.every((value) => value === data[0]);
    },
    isBlank: () => blank,
  };
}
