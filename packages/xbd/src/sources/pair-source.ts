import { join } from 'node:path';
import { createBlockCache, openTiles, type Window } from '@noisy-pairs/geo';
import { Random } from '@noisy-pairs/imaging';
import type { PairSource, SourceSpec } from '@noisy-pairs/pairs';
import type { XbdPair } from '../index/index-file.ts';
import type { CropTag } from './crop-tag.ts';
import type { Crop } from './crops.ts';

/** src/ and dist/ lie equally deep, so this names the compiled module from either. */
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
   * noisyShare of a training mixes them. Crops of other tags are left out.
   */
  readonly policy: 'natural' | 'sorted';
  /** Default pre-post. */
  readonly pairing?: XbdPairing;
  /**
   * Pairs an epoch. Default: natural: all crops; sorted: the larger of both lists, so that the
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

/** All that reading the pairs takes, as plain data. */
export interface PairPlan {
  readonly name: string;
  readonly size: number;
  readonly length: number;
  readonly pairing: XbdPairing;
  readonly cacheBytes: number;
  readonly tiles: readonly TilePair[];
  /** [n, 3]: tile, x, y. */
  readonly clean: Int32Array;
  /** The same; undefined where there is no noisy version. */
  readonly noisy: Int32Array | undefined;
}

/**
 * Pairs for training: crops at the same place before and after.
 * @throws if there are no crops of a tag that is needed, or of several sizes
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
  if (crops.some(({ window }) => window.width !== size || window.height !== size))
    throw new Error('xBD pairs: expected square crops of one size, got several');
  const random = Random.from(seed).split('xbd crops');
  const list = (what: string, tag?: CropTag) => {
    const some = tag ? crops.filter((crop) => crop.tag === tag) : [...crops];
    if (some.length === 0)
      throw new Error(`xBD pairs: expected ${what}, got none among ${crops.length} crops`);
    const drawn = random.split(what).shuffle(some);
    return Int32Array.from(drawn.flatMap(({ pair, window }) => [pair, window.x, window.y]));
  };
  const isNatural = policy === 'natural';
  const clean = isNatural ? list('crops') : list('clean crops', 'clean');
  const noisy = isNatural ? undefined : list('noisy crops', 'noisy');
  return pairSpec({
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
  });
}

/** A plan as a source to be opened anywhere. */
export function pairSpec(plan: PairPlan): SourceSpec {
  return { module, factory: 'createXbdPairSource', options: plan };
}

/**
 * Opens the source of a plan.
 * @public found by name, through a SourceSpec
 */
export function createXbdPairSource(plan: PairPlan): PairSource {
  const { name, size, length, pairing, tiles, clean, noisy } = plan;
  const open = openTiles(createBlockCache(plan.cacheBytes));
  const read = async (path: string, window: Window) => {
    const tile = await open(path);
    return (await tile.read(window)).data;
  };
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
      const [x, y] = [crops[at + 1] as number, crops[at + 2] as number];
      const window = { x, y, width: size, height: size };
      const inSecond = { ...window, x: x + tile.x, y: y + tile.y };
      if (pairing !== 'post-post') first.set(await read(tile.first, window));
      if (pairing !== 'pre-pre') second.set(await read(tile.second, inSecond));
      if (pairing === 'pre-pre') second.set(first);
      if (pairing === 'post-post') first.set(second);
    },
  };
}
