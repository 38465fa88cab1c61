import { resolve } from 'node:path';
import type { NamedPair } from '../rules/found.ts';
import { findPairs } from '../rules/find-pairs.ts';
import { namedImages, usualBands } from '../rules/named-images.ts';
import { placeByPattern } from '../rules/place-of.ts';
import { isSplitList } from '../splits/split-lists.ts';
import { splitPairs } from '../splits/split-pairs.ts';
import { isImage } from '../tree/file-type.ts';
import { walkTree } from '../tree/walk-tree.ts';
import { account } from './account.ts';
import { checkPair, type CheckResult } from './check-pair.ts';
import type { FolderIndex, FolderPair, PixelRules } from './folder-index.ts';
import { measureStretch } from './measure-stretch.ts';
import { notesOf } from './notes-of.ts';
import type { IndexOptions } from './options.ts';

/** Pairs that are looked into at once. */
const concurrency = 8;

/**
 * Finds the pairs below a folder by the first rule that finds any, and looks into headers of images
 * and into masks. What is of no use is left out with its reason; every file is accounted for.
 * @throws if there are no pairs, or none that can be used, or an option fits nothing
 */
export async function indexFolder(
  folder: string,
  options: IndexOptions = {},
): Promise<FolderIndex> {
  const root = resolve(folder);
  const tree = await walkTree(root);
  const { images, leftOut } = namedImages(tree.files.filter(isImage), options.bands ?? usualBands);
  const found = await findPairs(root, images, options);
  const lists = tree.files.filter(isSplitList);
  const placed = found.pairs.map((pair) => withPlace(pair, options.place));
  const { pairs: named, notes } = await splitPairs(root, placed, lists, options.split);
  const checks = await checkAll(root, named, options);
  const pixels = await pixelRulesOf(root, checks, options);
  const pairs = checks.flatMap((check) => pairOf(check, pixels.ignores255) ?? []);
  if (pairs.length === 0) throw new Error(noneLeft(root, checks, found.leftOut));
  return {
    format: 'noisy-pairs/folders-index',
    version: 1,
    root,
    rule: found.rule,
    found: found.how,
    pixels,
    notes: [...found.notes, ...notes, ...notesOf(checks, pixels)],
    ...account(tree, lists, pairs, checks, [...leftOut, ...found.leftOut]),
    pairs,
  };
}

function withPlace(pair: NamedPair, pattern: RegExp | undefined): NamedPair {
  return pattern ? { ...pair, place: placeByPattern(pair.name, pattern) } : pair;
}

async function checkAll(
  root: string,
  named: readonly NamedPair[],
  options: IndexOptions,
): Promise<CheckResult[]> {
  const checks: CheckResult[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < named.length) {
      options.signal?.throwIfAborted();
      const i = next++;
      checks[i] = await checkPair(root, named[i] as NamedPair, options);
      options.onProgress?.(++done, named.length, 'pairs');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return checks;
}

async function pixelRulesOf(
  root: string,
  checks: readonly CheckResult[],
  { bands, stretch, classes, onProgress }: IndexOptions,
): Promise<PixelRules> {
  const rgb = bands ? ([...bands] as [number, number, number]) : null;
  const wide = checks.flatMap(({ named, images }) =>
    (['first', 'second'] as const).flatMap((side) => {
      const checked = images?.[side];
      return checked?.isWide ? [{ image: named[side], sort: checked.sort }] : [];
    }),
  );
  const measures = stretch !== undefined && stretch !== 'none' && wide.length > 0;
  return {
    bands: rgb,
    stretch: measures
      ? await measureStretch(root, wide, rgb, stretch, (done, of) =>
          onProgress?.(done, of, 'images to stretch'),
        )
      : null,
    classes: classes ? [...classes] : null,
    ignores255: checks.some(({ masks }) => masks.change?.tells255),
  };
}

function pairOf(
  { named, images, masks }: CheckResult,
  ignores255: boolean,
): FolderPair | undefined {
  if (!images) return undefined;
  const { change } = masks;
  const fileOf = (role: 'change' | 'firstMask' | 'secondMask') =>
    masks[role] ? (named[role] ?? null) : null;
  return {
    name: named.name,
    first: [...named.first.files],
    second: [...named.second.files],
    change: fileOf('change'),
    firstMask: fileOf('firstMask'),
    secondMask: fileOf('secondMask'),
    class: named.class ?? null,
    split: named.split ?? null,
    place: named.place,
    width: images.width,
    height: images.height,
    changedShare: (ignores255 ? change?.shareWithout255 : change?.changedShare) ?? null,
  };
}

function noneLeft(
  root: string,
  checks: readonly CheckResult[],
  leftOut: FolderIndex['leftOut'],
): string {
  const [one] = [...checks.flatMap((check) => check.leftOut), ...leftOut];
  const why = one ? `, as ${one.path}: ${one.reason}` : '';
  return `${root}: expected pairs that can be used, got none of ${checks.length}${why}`;
}
