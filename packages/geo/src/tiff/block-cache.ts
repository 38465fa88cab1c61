import { LRUCache } from 'lru-cache';
import type { Samples } from './samples.ts';

/** Decoded blocks of any number of files, the least used forgotten beyond a number of bytes. */
export interface BlockCache {
  /** The block, made by `make` if it is not there; asked for twice at once, it is made once. */
  get(file: string, block: number, make: () => Promise<Samples>): Promise<Samples>;
  /**
   * The block if it is there; counts as a hit or a miss. For blocks that are decoded many at once.
   */
  peek(file: string, block: number): Samples | undefined;
  put(file: string, block: number, samples: Samples): void;
  /** Whether it keeps anything at all. */
  readonly holds: boolean;
  /** Bytes held. */
  readonly bytes: number;
  /** How often a block was there, and how often not. */
  readonly hits: number;
  readonly misses: number;
}

/** @param bytes at most this much is kept; 0 keeps nothing. Default 256 MiB */
export function createBlockCache(bytes = 2 ** 28): BlockCache {
  if (!(bytes >= 0)) throw new Error(`block cache: expected a number of bytes, got ${bytes}`);
  // A whole tile of xBD is 6 MiB; what is larger than the cache is not kept.
  const blocks =
    bytes > 0
      ? new LRUCache<string, Samples>({
          maxSize: bytes,
          maxEntrySize: bytes,
          sizeCalculation: ({ byteLength }) => byteLength,
        })
      : undefined;
  const making = new Map<string, Promise<Samples>>();
  let hits = 0;
  let misses = 0;
  return {
    async get(file, block, make) {
      const key = `${block} ${file}`;
      const known = blocks?.get(key) ?? making.get(key);
      if (known) {
        hits++;
        return known;
      }
      misses++;
      const made = make().finally(() => {
        making.delete(key);
      });
      making.set(key, made);
      const samples = await made;
      blocks?.set(key, samples);
      return samples;
    },
    peek(file, block) {
      const known = blocks?.get(`${block} ${file}`);
      if (known) hits++;
      else misses++;
      return known;
    },
    put(file, block, samples) {
      blocks?.set(`${block} ${file}`, samples);
    },
    holds: blocks !== undefined,
    get bytes() {
      return blocks?.calculatedSize ?? 0;
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
  };
}
