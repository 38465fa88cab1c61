import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { readRegularFile } from '@noisy-pairs/imaging';
import type { LeftOut } from '../index/folder-index.ts';
import type { Found, NamedImage, NamedPair } from '../rules/found.ts';
import { placeOfName } from '../rules/place-of.ts';
import { withoutExtension } from '../tree/file-type.ts';
import { parseList, type ListRow } from './parse-list.ts';

/**
 * The pairs that a list names. Paths are relative to the list; absolute ones are taken as they
 * are. All must lie below the root.
 * @param files of the tree, below the root
 * @throws `LIST, line N: ...` for a line that is none; files that are not there are left out
 */
export async function listedPairs(
  root: string,
  list: string,
  images: readonly NamedImage[],
): Promise<Found> {
  const text = (await readRegularFile(list)).toString('utf8');
  const name = basename(list);
  const { rows, unknown } = parseList(text, list);
  const find = openFinder(root, dirname(list), images);
  const pairs: NamedPair[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const where = `${name}, line ${row.line}`;
    const found = pairOf(row, find);
    if (typeof found === 'string') {
      leftOut.push({ path: where, reason: found });
      continue;
    }
    const key = `${found.first.path}\0${found.second.path}`;
    const before = seen.get(key);
    if (before !== undefined) leftOut.push({ path: where, reason: `as line ${before}` });
    else pairs.push({ ...found, name: uniqueName(found, row.line, pairs) });
    seen.set(key, before ?? row.line);
  }
  const notes = unknown.length > 0 ? [`columns not used: ${unknown.join(', ')}`] : [];
  return { rule: 'list', how: name, pairs, leftOut, notes };
}

/** Finds an image, or says why there is none. */
type Find = (path: string) => NamedImage | string;

function openFinder(root: string, folder: string, images: readonly NamedImage[]): Find {
  const known = new Map<string, NamedImage>();
  for (const image of images) {
    // a folder of bands by its name
    for (const path of image.files.length > 1 ? [image.path] : image.files)
      known.set(path.normalize('NFC'), image);
  }
  return (path) => {
    const below = relative(root, resolve(folder, path)).split(sep).join('/');
    if (below.startsWith('..') || isAbsolute(below))
      return `${path}: expected a file below the root`;
    return known.get(below.normalize('NFC')) ?? `${path}: expected an image, got none there`;
  };
}

/** A pair without its name, or the reason why it is none. */
function pairOf(row: ListRow, find: Find): NamedPair | string {
  if (row.first === undefined || row.second === undefined)
    return 'expected first and second, got one';
  const images: NamedImage[] = [];
  const masks: (string | undefined)[] = [];
  for (const path of [row.first, row.second]) {
    const image = find(path);
    if (typeof image === 'string') return image;
    images.push(image);
  }
  for (const path of [row.change, row.firstMask, row.secondMask]) {
    const mask = path === undefined ? undefined : find(path);
    if (typeof mask === 'string') return mask;
    masks.push(mask?.files[0]);
  }
  const [first, second] = images as [NamedImage, NamedImage];
  const name = withoutExtension(first.path);
  return {
    name,
    first,
    second,
    change: masks[0],
    firstMask: masks[1],
    secondMask: masks[2],
    class: row.class,
    split: row.split,
    place: row.place ?? placeOfName(name),
  };
}

/** A first image may have several partners. */
function uniqueName({ name }: NamedPair, line: number, pairs: readonly NamedPair[]): string {
  const last = pairs.at(-1)?.name;
  return last === name || last?.startsWith(`${name}, line `) ? `${name}, line ${line}` : name;
}
