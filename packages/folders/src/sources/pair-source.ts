import { createBlockCache } from '@noisy-pairs/geo';
import { Random } from '@noisy-pairs/imaging';
import type { PairSource, SourceSpec } from '@noisy-pairs/pairs';
import { openImages } from '../pixels/open-images.ts';
import { partnersElsewhere } from './partners-elsewhere.ts';
import { cropOf, folderSet, type FolderSet, type FolderSetOptions } from './set.ts';

/** src/ and dist/ lie equally deep, so this names the compiled module from either. */
const module = new URL('../../dist/sources/pair-source.js', import.meta.url).href;

/** Both images; or, as a control without any change, one image twice. */
export type FolderPairing = 'both' | 'first twice' | 'second twice';

export interface FolderPairsOptions extends FolderSetOptions {
  /** Default both. */
  readonly pairing?: FolderPairing;
  /**
   * What noisy pairs are: crops of their own, as those known to have changed; or `mismatched`, each
   * crop with the second image of another place, which is the control that must do harm. Without
   * it there are none, and noisyShare must be 0.
   */
  readonly noisy?: FolderSetOptions['crops'] | 'mismatched';
  /** Share of crops with the second image of another place, always: a control. Default 0. */
  readonly mismatchedShare?: number;
  /** Pairs an epoch. Default: the larger number of crops; of the others, some come again. */
  readonly length?: number;
  /** Draws the order and mismatched partners. */
  readonly seed: number;
}

interface PairPlan {
  readonly pairing: FolderPairing;
  readonly length: number;
  readonly clean: FolderSet;
  readonly noisy: FolderSet | undefined;
  /** The crop whose second image goes with each; undefined: its own. */
  readonly partners: Int32Array | undefined;
  /** The crop whose second image goes with each, for pairs that are not noisy; as above. */
  readonly swapped: Int32Array | undefined;
}

const name = 'pairs of folders';

/**
 * Pairs for training: crops as they are, at the same place of both images.
 * @throws if there are no crops, or of several sizes; or only one place to mismatch
 */
export function folderPairs(options: FolderPairsOptions): SourceSpec {
  const { crops, pairing = 'both', noisy, mismatchedShare = 0, seed, ...rest } = options;
  const random = Random.from(seed).split(name);
  const shuffled = (some: FolderSetOptions['crops'], what: string) =>
    folderSet({ ...rest, crops: random.split(what).shuffle([...some]) }, name);
  const clean = shuffled(crops, 'clean');
  const others =
    noisy === undefined || noisy === 'mismatched' ? undefined : shuffled(noisy, 'noisy');
  if (others && others.size !== clean.size)
    throw new Error(`${name}: expected crops of one size, got ${clean.size} and ${others.size}`);
  const plan: PairPlan = {
    pairing,
    length: options.length ?? Math.max(clean.crops.length, others?.crops.length ?? 0) / 3,
    clean,
    noisy: others,
    partners:
      noisy === 'mismatched' ? partnersElsewhere(clean, random.split('partners')) : undefined,
    swapped:
      mismatchedShare > 0 ? swapped(clean, mismatchedShare, random.split('swapped')) : undefined,
  };
  return { module, factory: 'createFolderPairSource', options: plan };
}

/** Partners elsewhere for a share of the crops, drawn; the others keep their own. */
function swapped(set: FolderSet, share: number, random: Random): Int32Array {
  const partners = partnersElsewhere(set, random.split('partners'));
  const order = random.split('which').permutation(partners.length);
  for (const own of order.subarray(Math.round(share * partners.length))) partners[own] = own;
  return partners;
}

/**
 * Opens the source of a plan.
 * @public found by name, through a SourceSpec
 */
export function createFolderPairSource(plan: PairPlan): PairSource {
  const { pairing, length, clean, noisy, partners, swapped } = plan;
  const open = openImages(clean.root, clean.pixels, createBlockCache(clean.cacheBytes));
  const read = async (set: FolderSet, index: number, side: 'first' | 'second') => {
    const { pair, window } = cropOf(set, index);
    return (await (await open(pair[side])).read(window)).data;
  };
  return {
    name,
    size: clean.size,
    length,
    async read(index, wantsNoisy, first, second) {
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new Error(`expected an index in 0..${length - 1}, got ${index}`);
      const set = wantsNoisy ? (noisy ?? (partners ? clean : undefined)) : clean;
      if (!set) throw new Error('expected noisyShare 0 with pairs as they are, got a noisy one');
      const at = index % (set.crops.length / 3);
      const isMismatched = wantsNoisy && !noisy;
      const partner = (isMismatched ? partners : wantsNoisy ? undefined : swapped)?.[at] ?? at;
      first.set(await read(set, at, pairing === 'second twice' ? 'second' : 'first'));
      if (pairing !== 'both' && !isMismatched) second.set(first);
      else second.set(await read(set, partner, pairing === 'first twice' ? 'first' : 'second'));
    },
  };
}
