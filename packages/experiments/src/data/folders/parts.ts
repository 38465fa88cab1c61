import { Random } from '@noisy-pairs/imaging';
import { openFolderIndex, type FolderCrop, type FolderIndex } from '@noisy-pairs/folders';
import type { FoldersData } from './schema.ts';
import { readScoredCrops, type ScoredCrop } from './scored-crops.ts';

/** Share of the places that are held out, where the index has not both train and test. */
const testShare = 0.3;

/** Crops to learn from, and those of other places to measure on. */
export interface FolderParts {
  readonly index: FolderIndex;
  readonly train: readonly ScoredCrop[];
  readonly test: readonly ScoredCrop[];
  /** How they were told apart. */
  readonly by: string;
}

/** @throws naming a file that is none of these, or if all pairs are of one place */
export async function openParts({
  index: file,
  scores,
}: Pick<FoldersData, 'index' | 'scores'>): Promise<FolderParts> {
  const index = await openFolderIndex(file);
  return partsOf(index, readScoredCrops(scores).crops);
}

/**
 * Parts by the index's own splits, if it has both train and test; else whole places, drawn.
 * @throws if all pairs are of one place
 */
export function partsOf(index: FolderIndex, crops: readonly ScoredCrop[]): FolderParts {
  const { pairs } = index;
  const of = (splits: readonly (string | null)[]) =>
    crops.filter(({ pair }) => splits.includes(pairs[pair]?.split ?? null));
  const [train, test] = [of(['train']), of(['test'])];
  if (train.length > 0 && test.length > 0)
    return { index, train, test, by: 'the splits train and test of the index' };
  const places = [...new Set(crops.map(({ pair }) => pairs[pair]?.place ?? ''))].sort();
  if (places.length < 2)
    throw new Error(
      `${index.root}: expected pairs of two places or more, to hold some out, got ` +
        `${pairs.length} of ${places[0] ?? 'none'}`,
    );
  const count = Math.min(places.length - 1, Math.max(1, Math.round(testShare * places.length)));
  const held = new Set(Random.from('audit').split('places').shuffle(places).slice(0, count));
  const isHeld = ({ pair }: ScoredCrop) => held.has(pairs[pair]?.place ?? '');
  return {
    index,
    train: crops.filter((crop) => !isHeld(crop)),
    test: crops.filter(isHeld),
    by: `${count} of ${places.length} places, drawn, held out`,
  };
}

/** The crop as the sources of folders take it. */
export const windowOf = (
  { pair, x, y }: ScoredCrop,
  size: number,
): Pick<FolderCrop, 'pair' | 'window'> => ({ pair, window: { x, y, width: size, height: size } });

/** Crops that have the labels of a task. */
export function labelledCrops(
  { pairs }: Pick<FolderIndex, 'pairs'>,
  crops: readonly ScoredCrop[],
  task: FoldersData['task'],
): readonly ScoredCrop[] {
  return crops.filter(({ pair: i, changedShare }) => {
    const pair = pairs[i];
    if (task === 'change') return changedShare !== null;
    if (task === 'classes') return pair?.class != null;
    return pair?.firstMask != null || pair?.secondMask != null;
  });
}
