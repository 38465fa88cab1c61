import { Random } from '@noisy-pairs/imaging';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { readIndex, xbdBuildings, xbdDamage, xbdPairs } from '@noisy-pairs/xbd';
import type { DataRun, RunData } from '../run-data.ts';
import { isBuilt, xbdCrops, xbdMasks, type CropsOf } from './crops.ts';
import type { XbdData } from './schema.ts';

/** Pairs of crops before and after; buildings and damage as labels. */
export async function openXbd(
  data: XbdData,
  { imageNoise, seed, monitor }: DataRun,
): Promise<RunData> {
  const index = await readIndex(data.index);
  const { root } = index;
  const training = await xbdCrops(index, data, 'train', imageNoise, seed);
  // Every run is measured on the same crops.
  const testing = await xbdCrops(index, data, 'test', imageNoise, 0);
  const train = labelledCrops(root, training, data, 'train', seed);
  const test = labelledCrops(root, testing, data, 'test', 0);
  const { pairs, crops } = training;
  return {
    pairs: xbdPairs({ root, pairs, crops, policy: 'sorted', seed, length: data.pairs }),
    labelled: {
      labels: 'masks',
      train: train.buildings(),
      test: test.buildings(),
      monitor: { bank: train.buildings(monitor.bank), queries: test.buildings(monitor.queries) },
      damage: { train: train.damage(), test: test.damage() },
    },
  };
}

/** Sources of the same labelled crops. */
interface LabelledCrops {
  /** @param most the first so many, default all */
  buildings(most?: number): SourceSpec;
  damage(): SourceSpec;
}

/**
 * As many crops with buildings as the configuration asks for, drawn by seed.
 * @throws if there are fewer
 */
function labelledCrops(
  root: string,
  { pairs, crops }: CropsOf,
  data: XbdData,
  part: 'train' | 'test',
  seed: number,
): LabelledCrops {
  const { size } = data;
  const built = crops.filter((crop) => isBuilt(crop, data));
  if (built.length < data[part])
    throw new Error(
      `data.${part}: expected ${data[part]} crops of ${size} px with buildings in ` +
        `${pairs.length} tiles, got ${built.length}`,
    );
  const random = Random.from(seed).split('labelled crops');
  const chosen = random.shuffle(built).slice(0, data[part]);
  const options = { root, pairs, crops: chosen, size, masks: xbdMasks() };
  return {
    buildings: (most) => xbdBuildings({ ...options, crops: chosen.slice(0, most) }),
    damage: () => xbdDamage(options),
  };
}
