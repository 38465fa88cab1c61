import type { Window } from '@noisy-pairs/geo';
import type { FolderCrop } from '../crops/crop.ts';
import type { FolderIndex, FolderPair, PixelRules } from '../index/folder-index.ts';

/** Crops of a set of pairs, as they are given to a source. */
export interface FolderSetOptions {
  readonly index: Pick<FolderIndex, 'root' | 'pairs' | 'pixels'>;
  /** Crops of one size. */
  readonly crops: readonly Pick<FolderCrop, 'pair' | 'window'>[];
  /** Decoded pixels are kept up to this many bytes a reader. Default 256 MiB. */
  readonly cacheBytes?: number;
}

/** The same as plain data, with nothing that is not needed, so that a worker gets little. */
export interface FolderSet {
  readonly root: string;
  readonly pixels: PixelRules;
  /** Those that crops are of. */
  readonly pairs: readonly FolderPair[];
  /** [n, 3]: pair, x, y. */
  readonly crops: Int32Array;
  readonly size: number;
  readonly cacheBytes: number;
}

/** Decoded pixels kept by default. */
const usualCache = 2 ** 28;

/** @throws if there are no crops, or of several sizes */
export function folderSet(
  { index, crops, cacheBytes = usualCache }: FolderSetOptions,
  name: string,
): FolderSet {
  const size = crops[0]?.window.width;
  if (size === undefined) throw new Error(`${name}: expected crops, got none`);
  if (crops.some(({ window }) => window.width !== size || window.height !== size))
    throw new Error(`${name}: expected square crops of one size, got several`);
  const places = new Map<number, number>();
  const pairs: FolderPair[] = [];
  const rows = crops.flatMap(({ pair, window }) => {
    const known = places.get(pair);
    const at = known ?? pairs.push(index.pairs[pair] as FolderPair) - 1;
    places.set(pair, at);
    return [at, window.x, window.y];
  });
  const { root, pixels } = index;
  return { root, pixels, pairs, crops: Int32Array.from(rows), size, cacheBytes };
}

/** @throws for an index outside */
export function cropOf(
  { pairs, crops, size }: FolderSet,
  index: number,
): { readonly pair: FolderPair; readonly window: Window } {
  const pair = pairs[crops[3 * index] ?? -1];
  if (!pair || !Number.isInteger(index))
    throw new Error(`expected an index in 0..${crops.length / 3 - 1}, got ${index}`);
  const [x, y] = [crops[3 * index + 1] as number, crops[3 * index + 2] as number];
  return { pair, window: { x, y, width: size, height: size } };
}
