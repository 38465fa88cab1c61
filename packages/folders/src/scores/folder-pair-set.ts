import type { PairSet } from '@noisy-pairs/scores';
import { readCrops, type RefusedCrops } from '../crops/read-crops.ts';
import type { FolderIndex } from '../index/folder-index.ts';

/**
 * The pairs of an index, to be scored.
 * @param refused is counted up when crops of all pairs are read
 */
export function folderPairSet(index: FolderIndex, refused?: RefusedCrops): PairSet {
  const { pairs } = index;
  return {
    name: index.root,
    pairs,
    async *crops(size, wanted) {
      const indices = wanted ?? pairs.map((_, i) => i);
      const some = { ...index, pairs: indices.flatMap((i) => pairs[i] ?? []) };
      for await (const crop of readCrops(some, { size }, wanted ? undefined : refused))
        yield { ...crop, pair: indices[crop.pair] ?? -1 };
    },
  };
}
