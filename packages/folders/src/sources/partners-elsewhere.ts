import type { Random } from '@noisy-pairs/imaging';
import type { FolderSet } from './set.ts';

/**
 * For each crop a crop of another place, drawn.
 * @throws if all are of one place
 */
export function partnersElsewhere({ pairs, crops }: FolderSet, random: Random): Int32Array {
  const count = crops.length / 3;
  const placeOf = (crop: number) => pairs[crops[3 * crop] as number]?.place;
  const isOne = Array.from({ length: count }, (_, i) => i).every((i) => placeOf(i) === placeOf(0));
  if (isOne)
    throw new Error(
      `mismatched pairs: expected crops of two places or more, got ${count} of ${placeOf(0) ?? ''}`,
    );
  return Int32Array.from({ length: count }, (_, crop) => {
    for (;;) {
      const other = random.int(count);
      if (placeOf(other) !== placeOf(crop)) return other;
    }
  });
}
