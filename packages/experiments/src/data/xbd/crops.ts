import { homedir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import {
  cropPairs,
  officialSplit,
  openMaskCache,
  type Crop,
  type CropList,
  type XbdIndex,
  type XbdPair,
} from '@noisy-pairs/xbd';
import type { XbdData } from './schema.ts';

/** Folder in which indices and masks of xBD are kept between runs. */
export const xbdCache = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'noisy-pairs', 'xbd');

export const xbdMasks = (): string => join(xbdCache(), 'masks');

/** Crops, and the tiles that they are of. */
export interface CropsOf extends CropList {
  readonly pairs: readonly XbdPair[];
}

/** The crops of a part of the tiles, drawn by seed; noisy ones have at least that much damage. */
export async function xbdCrops(
  index: XbdIndex,
  { trainSplits, testSplits, tiles, size, mostNodata }: XbdData,
  part: 'train' | 'test',
  imageNoise: number,
  seed: number,
): Promise<CropsOf> {
  const all = officialSplit(index.pairs, part === 'train' ? trainSplits : testSplits);
  const random = Random.from(seed).split('xbd tiles', part);
  const pairs = random.shuffle([...all]).slice(0, tiles);
  const list = await cropPairs(index.root, pairs, openMaskCache(xbdMasks()), {
    size,
    mostNodata,
    noisyFrom: Math.max(imageNoise, Number.MIN_VALUE),
  });
  return { pairs, ...list };
}

/** Whether a crop has enough building pixels to be labelled. */
export const isBuilt = ({ counts }: Crop, { leastBuilding }: XbdData): boolean =>
  counts.building >= leastBuilding * counts.pixels;
