import { Random } from '@noisy-pairs/imaging';
import type { NamedPair } from '../rules/found.ts';
import { groupBy } from '../rules/group-by.ts';
import { baseOf, folderOf, partsOf } from '../rules/names.ts';
import { readSplitLists } from './split-lists.ts';
import { splitWord } from './split-word.ts';

/**
 * What tells the split of a pair: lists, a folder's name, the first word of its name; none; or a
 * share of the places, drawn, which is test, the rest train. Default: the first that says anything.
 */
export type SplitBy = 'list' | 'folder' | 'prefix' | 'none' | number;

export interface SplitPairs {
  readonly pairs: readonly NamedPair[];
  readonly notes: readonly string[];
}

/**
 * Pairs with their splits; a split that a list of pairs gave stays.
 * @param lists files of splits
 * @throws if what is asked for says nothing
 */
export async function splitPairs(
  root: string,
  pairs: readonly NamedPair[],
  lists: readonly string[],
  by?: SplitBy,
): Promise<SplitPairs> {
  if (by === undefined && pairs.some(({ split }) => split !== undefined)) return checked(pairs);
  if (typeof by === 'number') return { pairs: byShare(pairs, by), notes: [] };
  const wanted = by === undefined ? (['list', 'folder', 'prefix'] as const) : [by];
  for (const way of wanted) {
    if (way === 'none')
      return { pairs: pairs.map((pair) => ({ ...pair, split: undefined })), notes: [] };
    const found = way === 'list' ? await byLists(root, pairs, lists) : byNames(pairs, way);
    if (found.pairs.some(({ split }) => split !== undefined))
      return checked(found.pairs, found.notes);
  }
  if (by === undefined) return { pairs, notes: [] };
  throw new Error(`--split ${by}: expected splits of ${pairs.length} pairs, got none`);
}

async function byLists(
  root: string,
  pairs: readonly NamedPair[],
  lists: readonly string[],
): Promise<SplitPairs> {
  if (lists.length === 0) return { pairs, notes: [] };
  const { splits, notes } = await readSplitLists(root, lists, pairs);
  return { pairs: pairs.map((pair) => ({ ...pair, split: splits.get(pair.name) })), notes };
}

function byNames(pairs: readonly NamedPair[], way: 'folder' | 'prefix'): SplitPairs {
  const splitOf = ({ first, name }: NamedPair) =>
    way === 'folder'
      ? folderOf(first.path).split('/').map(splitWord).find(Boolean)
      : splitWord(partsOf(baseOf(name))[0] ?? '');
  return { pairs: pairs.map((pair) => ({ ...pair, split: splitOf(pair) })), notes: [] };
}

/** A share of the places, at least one and not all, is test. @throws if there is but one place */
function byShare(pairs: readonly NamedPair[], share: number): NamedPair[] {
  const random = Random.from('folders').split('places');
  const places = [...new Set(pairs.map(({ place }) => place))];
  if (places.length < 2)
    throw new Error(
      `--split ${share}: expected two places or more, got ${places.length} (${places[0] ?? ''}); ` +
        'say by --place PATTERN or in a list what a place is',
    );
  const drawn = places
    .map((place) => ({ place, at: random.split(place).uniform() }))
    .sort((a, b) => a.at - b.at);
  const count = Math.min(places.length - 1, Math.max(1, Math.round(share * places.length)));
  const test = new Set(drawn.slice(0, count).map(({ place }) => place));
  return pairs.map((pair) => ({ ...pair, split: test.has(pair.place) ? 'test' : 'train' }));
}

/** Says where crops of one place are in several splits. */
function checked(pairs: readonly NamedPair[], notes: readonly string[] = []): SplitPairs {
  const mixed = [...groupBy(pairs, ({ place }) => place)].filter(
    ([, all]) => new Set(all.map(({ split }) => split)).size > 1,
  );
  const [one] = mixed;
  if (!one) return { pairs, notes };
  const warning =
    `${mixed.length} places are in several splits, as ${one[0]}: crops of one place are on both ` +
    'sides';
  return { pairs, notes: [...notes, warning] };
}
