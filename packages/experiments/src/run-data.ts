import { homedir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { vtsLabelled, vtsPairs, type VtsOptions } from '@noisy-pairs/vts';
import { cropPairs, officialSplit, openMaskCache, readIndex, xbdBuildings, xbdDamage, xbdPairs, type Crop, type CropList, type XbdIndex, type XbdPair } from '@noisy-pairs/xbd';
import type { RunConfig } from './config.ts';

/** What a run learns from and is measured on. */
export interface RunData {
  /** PairSource. */
  readonly pairs: SourceSpec;
  /** LabelledSources. */
  readonly train: SourceSpec;
  readonly test: SourceSpec;
  /** The same of two images a mask, with classes of damage, where there are any. */
  readonly damage?: { readonly train: SourceSpec; readonly test: SourceSpec };
}

type XbdData = Extract<RunConfig['data'], { kind: 'xbd' }>;

/** @throws if there is less than the configuration asks for */
export async function openRunData({ data, imageNoise, seed }: Pick<RunConfig, 'data' | 'imageNoise' | 'seed'>): Promise<RunData> {
  if (data.kind === 'xbd') return openXbd(data, imageNoise, seed);
  const vts = (split: string, length: number): VtsOptions => ({ size: data.size, cells: data.cells, imageNoise, seed, length, textures: data.textures, split });
  return { pairs: vtsPairs(vts('pretrain', data.pairs)), train: vtsLabelled(vts('train', data.train)), test: vtsLabelled(vts('test', data.test)) };
}

/** Where masks of xBD are kept between runs. */
export const xbdCache = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'noisy-pairs', 'xbd');

async function openXbd(data: XbdData, imageNoise: number, seed: number): Promise<RunData> {
  const index = await readIndex(data.index);
  const training = await xbdCrops(index, data, 'train', imageNoise, seed);
  // Every run is measured on the same crops.
  const testing = await xbdCrops(index, data, 'test', imageNoise, 0);
  const { root } = index, masks = join(xbdCache(), 'masks'), { size } = data;
  const labelled = ({ pairs, crops }: CropsOf, what: 'train' | 'test') => {
    const built = crops.filter(({ counts }) => counts.building >= data.leastBuilding * counts.pixels);
    if (built.length < data[what]) throw new Error(`data.${what}: expected ${data[what]} crops of ${size} px with buildings in ${pairs.length} tiles, got ${built.length}`);
    const chosen = Random.from(what === 'train' ? seed : 0).split('labelled crops').shuffle([...built]).slice(0, data[what]);
    const options = { root, pairs, crops: chosen, size, masks };
    return { buildings: xbdBuildings(options), damage: xbdDamage(options) };
  };
  const train = labelled(training, 'train'), test = labelled(testing, 'test');
  return {
    pairs: xbdPairs({ root, pairs: training.pairs, crops: training.crops, policy: 'sorted', seed, length: data.pairs }),
    train: train.buildings,
    test: test.buildings,
    damage: { train: train.damage, test: test.damage },
  };
}

interface CropsOf extends CropList { readonly pairs: readonly XbdPair[] }

/** The crops of a part of the tiles. */
export async function xbdCrops(index: XbdIndex, { trainSplits, testSplits, tiles, size, mostNodata }: XbdData, part: 'train' | 'test', imageNoise: number, seed: number): Promise<CropsOf> {
  const all = officialSplit(index.pairs, part === 'train' ? trainSplits : testSplits);
  const pairs = Random.from(seed).split('xbd tiles', part).shuffle([...all]).slice(0, tiles);
  const list = await cropPairs(index.root, pairs, openMaskCache(join(xbdCache(), 'masks')), { size, mostNodata, noisyFrom: Math.max(imageNoise, Number.MIN_VALUE) });
  return { pairs, ...list };
}

/** Share of noisy crops among clean and noisy ones, as they come: to two digits. */
export function naturalShare(crops: readonly Crop[]): number {
  const count = (kind: Crop['kind']) => crops.filter((crop) => crop.kind === kind).length;
  return Math.round((100 * count('noisy')) / (count('noisy') + count('clean'))) / 100;
}
