import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import type { PairSource, SourceSpec } from '@noisy-pairs/pairs';
import type { Crop } from './crops.ts';
import { createBlockCache } from '../tiles/tiff/block-cache.ts';
import { openTiles } from '../tiles/open-tiles.ts';
import type { XbdPair } from '../index/xbd-index.ts';

/** Both src/ and dist/ lie one below the package, so this names the compiled module from either. */
const module = new URL('../../dist/sources/pair-source.js', import.meta.url).href;

/** Before and after; or, as controls without any change of content, one image twice. */
export type XbdPairing = 'pre-post' | 'pre-pre' | 'post-post';

export interface XbdPairsOptions {
  /** Where the pairs' paths begin. */
  readonly root: string;
  readonly pairs: readonly XbdPair[];
  readonly crops: readonly Crop[];
  /**
   * natural: every crop as it comes, whatever changed in it; to be mixed with noisyShare 0, for
   * there is no other version. sorted: a clean pair is a clean crop, a noisy pair a noisy one; the
   * noisyShare of a training mixes them. Crops of other kinds are left out.
   */
  readonly policy: 'natural' | 'sorted';
  /** Default pre-post. */
  readonly pairing?: XbdPairing;
  /**
   * Pairs an epoch. Default: natural: all crops; sorted: the larger of both kinds, so that the
   * other's crops come more than once.
   */
  readonly length?: number;
  /** Draws the order. */
  readonly seed: number;
  /** Decoded pixels are kept up to this many bytes a reader. Default 256 MiB. */
  readonly cacheBytes?: number;
}

/** Two images of one place, and where the first one's upper left pixel lies in the second. */
export interface TilePair {
  readonly first: string;
  readonly second: string;
  readonly x: number;
  readonly y: number;
}

export interface PairPlan {
  readonly name: string;
  readonly size: number;
  readonly length: number;
  readonly pairing: XbdPairing;
  readonly cacheBytes: number;
  readonly tiles: readonly TilePair[];
  /** [n, 3]: tile, x, y. */
  readonly clean: Int32Array;
  readonly noisy: Int32Array | undefined;
}

/**
 * Pairs for training: crops at the same place before and after.
 * @throws if there are no crops of a kind that is needed, or of several sizes
 */
export function xbdPairs({
  root,
  pairs,
  crops,
  policy,
  pairing = 'pre-post',
  length,
  seed,
  cacheBytes = 2 ** 28,
}: XbdPairsOptions): SourceSpec {
  const size = crops[0]?.window.width ?? NaN;
  const random = Random.from(seed).split('xbd crops');
  const list = (kind: string, some: readonly Crop[]) => {
    if (some.length === 0)
      throw new Error(`xBD pairs: expected ${kind}, got none among ${crops.length} crops`);
    return Int32Array.from(
      random
        .split(kind)
        .shuffle([...some])
        .flatMap(({ pair, window }) => [pair, window.x, window.y]),
    );
  };
  if (crops.some(({ window }) => window.width !== size || window.height !== size))
    throw new Error('xBD pairs: expected square crops of one size, got several');
  const clean =
    policy === 'natural'
      ? list('crops', crops)
      : list(
          'clean crops',
          crops.filter(({ kind }) => kind === 'clean'),
        );
  const noisy =
    policy === 'natural'
      ? undefined
      : list(
          'noisy crops',
          crops.filter(({ kind }) => kind === 'noisy'),
        );
  const plan: PairPlan = {
    name: `xBD ${pairing}`,
    size,
    length: length ?? Math.max(clean.length, noisy?.length ?? 0) / 3,
    pairing,
    cacheBytes,
    tiles: pairs.map(({ pre, post }) => ({
      first: join(root, pre),
      second: join(root, post),
      x: 0,
      y: 0,
    })),
    clean,
    noisy,
  };
  return pairSpec(plan);
}

/** A plan as a source to be opened anywhere. */
export function pairSpec(plan: PairPlan): SourceSpec {
  return { module, factory: 'createXbdPairSource', options: plan };
}

/** What a plan describes. */
export function createXbdPairSource({
  name,
  size,
  length,
  pairing,
  cacheBytes,
  tiles,
  clean,
  noisy,
}: PairPlan): PairSource {
  const open = openTiles(createBlockCache(cacheBytes));
  return {
    name,
    size,
    length,
    async read(index, wantsNoisy, first, second) {
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new Error(`expected an index in 0..${length - 1}, got ${index}`);
      const crops = wantsNoisy ? noisy : clean;
      if (!crops)
        throw new Error('expected noisyShare 0 with natural pairs, whose noise is what it is');
      const at = (index % (crops.length / 3)) * 3;
      const tile = tiles[crops[at] as number] as TilePair;
      const window = {
        x: crops[at + 1] as number,
        y: crops[at + 2] as number,
        width: size,
        height: size,
      };
      const before =
        pairing === 'post-post' ? undefined : (await (await open(tile.first)).read(window)).data;
      const after =
        pairing === 'pre-pre'
          ? undefined
          : (
              await (
                await open(tile.second)
              ).read({ ...window, x: window.x + tile.x, y: window.y + tile.y })
            ).data;
      first.set(before ?? (after as Uint8Array));
      second.set(after ?? (before as Uint8Array));
    },
  };
}
