import type { FolderIndex, LeftOut } from '../../index/folder-index.ts';
import { groupBy } from '../../rules/group-by.ts';
import { folderOf } from '../../rules/names.ts';

/** Files left out for one reason in one folder that are told one by one; more are told as one. */
const mostSingle = 3;
/** Lines of what is left out. */
const mostLines = 40;

/** What an index says of its folder: pairs and the rule, files by what they are, notes. */
export function indexLines(index: FolderIndex): string[] {
  const { pairs, rule, found, notes, files } = index;
  const places = new Set(pairs.map(({ place }) => place)).size;
  const { images, masks, splitLists, litter, leftOut, all } = files;
  return [
    `${pairs.length} pairs by ${rule} (${found}); ${labelWords(index)}`,
    `${places} places; splits: ${splitWords(index)}`,
    `${all} files: ${images} images, ${masks} masks, lists of splits ${splitLists}, ` +
      `${litter} litter, ${leftOut} left out`,
    ...notes.map((note) => `note: ${note}`),
  ];
}

function labelWords({ pairs }: FolderIndex): string {
  const counts = [
    [pairs.filter(({ change }) => change !== null).length, 'with a mask of change'],
    [pairs.filter(({ firstMask }) => firstMask !== null).length, 'with a mask of the first image'],
    [pairs.filter(({ secondMask }) => secondMask !== null).length, 'of the second'],
    [pairs.filter((pair) => pair.class !== null).length, 'with a class'],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map((parts) => parts.join(' '));
  const shares = pairs.flatMap(({ changedShare }) => changedShare ?? []).sort((a, b) => a - b);
  if (shares.length > 0)
    words.push(`shares of change ${short(shares[0])} .. ${short(shares.at(-1))}`);
  return words.length > 0 ? words.join(', ') : 'no labels';
}

const short = (share = 0) => (share === 0 || share === 1 ? String(share) : share.toFixed(4));

function splitWords({ pairs }: FolderIndex): string {
  const splits = groupBy(pairs, ({ split }) => split ?? 'none');
  return [...splits].map(([split, all]) => `${split} ${all.length}`).join(', ');
}

/** What is left out and why; many files of a folder and a reason are one line. */
export function leftOutLines(leftOut: readonly LeftOut[], all: boolean): string[] {
  if (all) return leftOut.map(({ path, reason }) => `left out  ${path}: ${reason}`);
  const groups = groupBy(leftOut, ({ path, reason }) => `${folderOf(path)}\0${reason}`);
  const lines = [...groups.values()].flatMap((group) => {
    const [{ path, reason }] = group as [LeftOut];
    if (group.length <= mostSingle)
      return group.map((one) => `left out  ${one.path}: ${one.reason}`);
    return [`left out  ${folderOf(path) || '.'}: ${group.length} files, as ${path}: ${reason}`];
  });
  const more = lines.length - mostLines;
  if (more <= 0) return lines;
  return [...lines.slice(0, mostLines), `left out  ${more} lines more; --all shows every file`];
}
