import { homedir } from 'node:os';
import { join } from 'node:path';
import { cifar10Classified, cifar10Pairs, countFalsePairs } from '@noisy-pairs/cifar10';
import { Random } from '@noisy-pairs/imaging';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { vtsLabelled, vtsPairs, type VtsOptions } from '@noisy-pairs/vts';
import {
  cropPairs,
  officialSplit,
  openMaskCache,
  readIndex,
  xbdBuildings,
  xbdDamage,
  xbdPairs,
  type Crop,
  type CropList,
  type XbdIndex,
  type XbdPair,
} from '@noisy-pairs/xbd';
import type { RunConfig } from '../config.ts';

/** What heads are trained and measured on. */
export interface TrainAndTest {
  readonly train: SourceSpec;
  readonly test: SourceSpec;
}

/** What a run learns from and is measured on. */
export interface RunData extends TrainAndTest {
  /** PairSource. */
  readonly pairs: SourceSpec;
  /**
   * What the sources of `train` and `test` are: LabelledSources with a mask an image, or
   * ClassifiedSources with a class an image.
   */
  readonly labels: 'masks' | 'classes';
  /**
   * Of the same kind: as many of `train` and of `test` as the configuration's monitor asks for.
   * What it sees decides nothing, so that test images may serve, as in MoCo's notebook.
   */
  readonly monitor: { readonly bank: SourceSpec; readonly queries: SourceSpec };
  /** LabelledSources of two images a mask, with classes of damage, where there are any. */
  readonly damage?: TrainAndTest;
  /** Share of the pairs whose images are of two classes, where classes are known. */
  readonly falsePairs?: number;
}

type Data<Kind extends RunConfig['data']['kind']> = Extract<RunConfig['data'], { kind: Kind }>;
type XbdData = Data<'xbd'>;

/** @throws if there is less than the configuration asks for */
export async function openRunData(
  config: Pick<RunConfig, 'data' | 'imageNoise' | 'noisyShare' | 'filter' | 'seed' | 'monitor'>,
): Promise<RunData> {
  const { data, monitor } = config;
  if (monitor.bank > data.train)
    throw new Error(
      `monitor.bank: expected at most the ${data.train} labelled training images, got ` +
        `${monitor.bank}`,
    );
  if (monitor.queries > data.test)
    throw new Error(
      `monitor.queries: expected at most the ${data.test} test images, got ${monitor.queries}`,
    );
  switch (data.kind) {
    case 'vts':
      return openVts(data, config);
    case 'xbd':
      return openXbd(data, config);
    case 'cifar10':
      return openCifar10(data, config);
  }
}

function openVts(
  data: Data<'vts'>,
  { imageNoise, seed, monitor }: Pick<RunConfig, 'imageNoise' | 'seed' | 'monitor'>,
): RunData {
  const vts = (split: string, length: number): VtsOptions => ({
    size: data.size,
    cells: data.cells,
    imageNoise,
    seed,
    length,
    textures: data.textures,
    split,
  });
  return {
    pairs: vtsPairs(vts('pretrain', data.pairs)),
    labels: 'masks',
    train: vtsLabelled(vts('train', data.train)),
    test: vtsLabelled(vts('test', data.test)),
    monitor: {
      bank: vtsLabelled(vts('train', monitor.bank)),
      queries: vtsLabelled(vts('test', monitor.queries)),
    },
  };
}

/**
 * Pairs of training images by their perhaps wrong labels; probes learn from as many of them as
 * `train` says, by true ones.
 */
async function openCifar10(
  { dir, pairs, train, test }: Data<'cifar10'>,
  {
    imageNoise,
    noisyShare,
    filter,
    seed,
    monitor,
  }: Pick<RunConfig, 'imageNoise' | 'noisyShare' | 'filter' | 'seed' | 'monitor'>,
): Promise<RunData> {
  const images = { dir, split: 'train', seed } as const;
  // every run is measured on the same images
  const tests = { dir, split: 'test', seed: 0 } as const;
  const options = { ...images, limit: pairs, mislabelled: imageNoise };
  const { share } = await countFalsePairs(options);
  return {
    pairs: cifar10Pairs(options),
    labels: 'classes',
    train: cifar10Classified({ ...images, limit: train }),
    test: cifar10Classified({ ...tests, limit: test }),
    monitor: {
      bank: cifar10Classified({ ...images, limit: monitor.bank }),
      queries: cifar10Classified({ ...tests, limit: monitor.queries }),
    },
    falsePairs: filter === 'none' ? share * noisyShare : 0,
  };
}

/** Where masks of xBD are kept between runs. */
export const xbdCache = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'noisy-pairs', 'xbd');

async function openXbd(
  data: XbdData,
  { imageNoise, seed, monitor }: Pick<RunConfig, 'imageNoise' | 'seed' | 'monitor'>,
): Promise<RunData> {
  const index = await readIndex(data.index);
  const training = await xbdCrops(index, data, 'train', imageNoise, seed);
  // Every run is measured on the same crops.
  const testing = await xbdCrops(index, data, 'test', imageNoise, 0);
  const { root } = index,
    masks = join(xbdCache(), 'masks'),
    { size } = data;
  const labelled = ({ pairs, crops }: CropsOf, what: 'train' | 'test') => {
    const built = crops.filter(
      ({ counts }) => counts.building >= data.leastBuilding * counts.pixels,
    );
    if (built.length < data[what])
      throw new Error(
        `data.${what}: expected ${data[what]} crops of ${size} px with buildings in ` +
          `${pairs.length} tiles, got ${built.length}`,
      );
    const chosen = Random.from(what === 'train' ? seed : 0)
      .split('labelled crops')
      .shuffle([...built])
      .slice(0, data[what]);
    const options = { root, pairs, crops: chosen, size, masks };
    return {
      buildings: xbdBuildings(options),
      damage: xbdDamage(options),
      some: (most: number) => xbdBuildings({ ...options, crops: chosen.slice(0, most) }),
    };
  };
  const train = labelled(training, 'train'),
    test = labelled(testing, 'test');
  return {
    pairs: xbdPairs({
      root,
      pairs: training.pairs,
      crops: training.crops,
      policy: 'sorted',
      seed,
      length: data.pairs,
    }),
    labels: 'masks',
    train: train.buildings,
    test: test.buildings,
    monitor: { bank: train.some(monitor.bank), queries: test.some(monitor.queries) },
    damage: { train: train.damage, test: test.damage },
  };
}

interface CropsOf extends CropList {
  readonly pairs: readonly XbdPair[];
}

/** The crops of a part of the tiles. */
export async function xbdCrops(
  index: XbdIndex,
  { trainSplits, testSplits, tiles, size, mostNodata }: XbdData,
  part: 'train' | 'test',
  imageNoise: number,
  seed: number,
): Promise<CropsOf> {
  const all = officialSplit(index.pairs, part === 'train' ? trainSplits : testSplits);
  const pairs = Random.from(seed)
    .split('xbd tiles', part)
    .shuffle([...all])
    .slice(0, tiles);
  const list = await cropPairs(index.root, pairs, openMaskCache(join(xbdCache(), 'masks')), {
    size,
    mostNodata,
    noisyFrom: Math.max(imageNoise, Number.MIN_VALUE),
  });
  return { pairs, ...list };
}

/** Share of noisy crops among clean and noisy ones, as they come: to two digits. */
export function naturalShare(crops: readonly Crop[]): number {
  const count = (kind: Crop['kind']) => crops.filter((crop) => crop.kind === kind).length;
  return Math.round((100 * count('noisy')) / (count('noisy') + count('clean'))) / 100;
}
