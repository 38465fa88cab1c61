import type { LeftOut } from './folder-index.ts';
import type { FolderIndex, FolderPair } from './folder-index.ts';
import type { CheckResult } from './check-pair.ts';
import { isImage, reasonNoImage } from '../tree/file-type.ts';
import type { Tree } from '../tree/walk-tree.ts';

/**
 * What every file of a tree is: of a pair, a list, litter, or left out for a reason.
 * @param known reasons found on the way
 */
export function account(
  { files, litter, unread }: Tree,
  lists: readonly string[],
  pairs: readonly FolderPair[],
  checks: readonly CheckResult[],
  known: readonly LeftOut[],
): Pick<FolderIndex, 'files' | 'leftOut'> {
  const images = new Set(pairs.flatMap(({ first, second }) => [...first, ...second]));
  const masks = new Set(
    pairs.flatMap(({ change, firstMask, secondMask }) => [change, firstMask, secondMask]),
  );
  const isList = new Set(lists);
  const reasons = new Map<string, string>();
  const otherBands = checks.flatMap(({ named, images: used }) =>
    used ? [...named.first.otherBands, ...named.second.otherBands] : [],
  );
  for (const path of otherBands) reasons.set(path, 'a band that is not used');
  for (const { path, reason } of known) reasons.set(path, reason);
  for (const { path, reason } of checks.flatMap(({ leftOut }) => leftOut))
    reasons.set(path, reason);
  const leftOut: LeftOut[] = [...unread];
  for (const path of files) {
    if (images.has(path) || masks.has(path) || isList.has(path)) continue;
    const reason =
      reasons.get(path) ?? (isImage(path) ? 'in no pair by this rule' : reasonNoImage(path));
    leftOut.push({ path, reason });
  }
  // Lines of a list are no files.
  const isFile = new Set(files);
  const lines = known.filter(({ path }) => !isFile.has(path));
  const count = (set: ReadonlySet<string | null>) => files.filter((path) => set.has(path)).length;
  const counts = {
    images: count(images),
    masks: count(masks),
    splitLists: lists.length,
    litter: litter.length,
    leftOut: leftOut.length,
    all: files.length + litter.length + unread.length,
  };
  return { files: counts, leftOut: [...leftOut, ...lines] };
}
