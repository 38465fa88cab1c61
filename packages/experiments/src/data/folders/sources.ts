import { Random } from '@noisy-pairs/imaging';
import { folderChange, folderClasses, folderMasks, folderPairs } from '@noisy-pairs/folders';
import type { DataRun, RunData } from '../run-data.ts';
import { chooseCrops } from './choices.ts';
import { labelledCrops, openParts, windowOf } from './parts.ts';
import type { FoldersData } from './schema.ts';
import type { ScoredCrop } from './scored-crops.ts';

const sources = { change: folderChange, classes: folderClasses, segmentation: folderMasks };

/**
 * Pairs of an arm; labels of the task from the same places and, to measure, from others.
 * @throws if there are fewer labelled crops than the configuration asks for
 */
export async function openFolders(
  data: FoldersData,
  { seed, choice = 'keep', monitor }: DataRun,
): Promise<RunData> {
  const { task, size, drop } = data;
  const parts = await openParts(data);
  const { index } = parts;
  const { crops, pairing, mismatchedShare, counts } = chooseCrops(choice, parts.train, {
    most: data.pairs,
    ...{ drop, seed },
  });
  const windows = (some: readonly ScoredCrop[]) => some.map((crop) => windowOf(crop, size));
  // Every run is measured on the same crops.
  const labelled = (part: 'train' | 'test', drawnBy: number) => {
    const found = labelledCrops(index, parts[part], task);
    if (found.length < data[part])
      throw new Error(
        `data.${part}: expected ${data[part]} crops with labels for ${task}, got ${found.length}`,
      );
    return Random.from(drawnBy)
      .split('labelled crops')
      .shuffle([...found])
      .slice(0, data[part]);
  };
  const source = (some: readonly ScoredCrop[]) => sources[task]({ index, crops: windows(some) });
  const [train, test] = [labelled('train', seed), labelled('test', 0)];
  const monitored = (some: readonly ScoredCrop[], most: number) => source(some.slice(0, most));
  return {
    pairs: folderPairs({
      ...{ index, crops: windows(crops), pairing, mismatchedShare, seed },
      // whole rounds, so that an epoch is about as long in every arm
      length: crops.length * Math.max(1, Math.round(data.pairs / crops.length)),
    }),
    counts,
    labelled: {
      labels: task === 'classes' ? 'classes' : 'masks',
      train: source(train),
      test: source(test),
      monitor: {
        bank: monitored(train, monitor.bank),
        queries: monitored(test, monitor.queries),
      },
    },
  };
}
