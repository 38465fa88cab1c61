import { Random } from '@noisy-pairs/imaging';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { readIndex, xbdBuildings, xbdDamage, xbdPairs } from '@noisy-pairs/xbd';
import type { DataRun, RunData } from '../run-data.ts';
import { choosePairs, xbdChoices } from './choices.ts';
import { isBuilt, xbdCrops, xbdMasks, type CropsOf } from './crops.ts';
import type { XbdData } from './schema.ts';

/** The pairs of runs that are not pretrained, and use none. */
const unusedChoice = 'keep';

/**
 * Pairs of crops of a choice; buildings and damage as labels.
 * @throws if a run that is pretrained names no choice: noisy shares would compare places with
 *   buildings to places without
 */
export async function openXbd(
  data: XbdData,
  { kind, imageNoise, seed, monitor, choice }: DataRun,
): Promise<RunData> {
  if (kind === 'pretrained' && choice === undefined)
    throw new Error(
      `choice: expected one of ${Object.keys(xbdChoices).join(', ')} with xBD, got none; shares ` +
        'of noisy pairs, as in earlier versions, would compare other places',
    );
  const index = await readIndex(data.index);
  const { root } = index;
  const training = await xbdCrops(index, data, 'train', imageNoise, seed);
  // Every run is measured on the same crops.
  const testing = await xbdCrops(index, data, 'test', imageNoise, 0);
  const train = labelledCrops(root, training, data, 'train', seed);
  const test = labelledCrops(root, testing, data, 'test', 0);
  const { pairs } = training;
  const chosen = choosePairs(choice ?? unusedChoice, training, data.pairs, seed);
  const { crops, pairing, counts } = chosen;
  // Whole rounds of the crops, so that an epoch is about as long in every arm and fair to each.
  const length = crops.length * Math.max(1, Math.round(data.pairs / crops.length));
  return {
    pairs: xbdPairs({ root, pairs, crops, policy: 'natural', pairing, seed, length }),
    counts,
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
