import { basename, join } from 'node:path';
import { readRegularFile } from '@noisy-pairs/imaging';
import { groupBy } from '../rules/group-by.ts';
import { baseOf, folderOf } from '../rules/names.ts';
import type { NamedPair } from '../rules/found.ts';
import { withoutExtension } from '../tree/file-type.ts';
import { splitWord } from './split-word.ts';

const folders = ['list', 'lists', 'split', 'splits'];
const isAtRoot = /^(train|val|test)[^/]*\.txt$/i;

/** Whether a file says which pairs are of which split: list/train.txt. */
export const isSplitList = (path: string): boolean =>
  /\.txt$/i.test(path) &&
  (folders.includes(baseOf(folderOf(path)).toLowerCase()) || isAtRoot.test(path));

/** Splits of pairs by lists of names. */
export interface SplitLists {
  /** By the pair's name. */
  readonly splits: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** A pair in several lists is of the first: what is measured on is not trained on. */
const order = ['test', 'val', 'train'];
const rank = (split: string) => (order.indexOf(split) + order.length + 1) % (order.length + 1);

/** Reads the lists: a name a line, with or without extension and folder. */
export async function readSplitLists(
  root: string,
  lists: readonly string[],
  pairs: readonly NamedPair[],
): Promise<SplitLists> {
  const byBase = groupBy(pairs, ({ first, name }) =>
    (first.files.length > 1 ? baseOf(name) : baseOf(first.path)).normalize('NFC'),
  );
  const byName = new Map(pairs.map((pair) => [pair.name.normalize('NFC'), pair]));
  const splits = new Map<string, string>();
  const several = new Set<string>();
  let unknown = 0;
  for (const list of lists) {
    const split = splitWord(withoutExtension(basename(list))) ?? withoutExtension(basename(list));
    const text = (await readRegularFile(join(root, list))).toString('utf8');
    for (const line of text.split(/\r?\n/)) {
      const entry = withoutExtension(line.trim().replace(/[\t,].*$/, '')).normalize('NFC');
      if (entry === '') continue;
      const pair = byName.get(entry) ?? only(byBase.get(baseOf(entry)));
      if (!pair) {
        unknown++;
        continue;
      }
      const before = splits.get(pair.name);
      if (before !== undefined && before !== split) several.add(pair.name);
      if (before === undefined || rank(split) < rank(before)) splits.set(pair.name, split);
    }
  }
  return { splits, notes: notesOf(splits.size, pairs.length, several.size, unknown) };
}

function notesOf(named: number, pairs: number, several: number, unknown: number): string[] {
  return [
    ...(several > 0
      ? [`${several} pairs are in several split lists: taken for test before val before train`]
      : []),
    ...(unknown > 0 ? [`${unknown} names in split lists are of no pair`] : []),
    ...(named < pairs ? [`${pairs - named} of ${pairs} pairs are in no split list`] : []),
  ];
}

const only = (pairs: readonly NamedPair[] = []) => (pairs.length === 1 ? pairs[0] : undefined);
