import { basename, join, relative, resolve } from 'node:path';
import { findFolders, type SplitFolder } from './find-folders.ts';
import type { XbdProblem } from './index-file.ts';
import type { FolderEntry } from './list-folder.ts';
import { parseTileName, type TileName } from './names.ts';

/** The files of a place: paths below the root; what is not there is undefined. */
export interface TileFiles {
  readonly split: string;
  readonly stem: string;
  readonly disaster: string;
  readonly id: string;
  pre?: string;
  post?: string;
  preLabel?: string;
  postLabel?: string;
  preTarget?: string;
  postTarget?: string;
}

interface FoundTiles {
  /** Sorted by split and stem. */
  readonly tiles: readonly TileFiles[];
  /** Files in images/, labels/ and targets/ whose names are not xBD's. */
  readonly unknownFiles: readonly string[];
  /** Folders and files that are left out for another reason than their names. */
  readonly problems: readonly XbdProblem[];
}

/** Files that archives, systems and editors leave behind. */
const litter = /^(\._.*|\.DS_Store|\.ipynb_checkpoints|desktop\.ini|Thumbs\.db)$/i;

/**
 * Finds the folders of any release below a root: `images/`, `labels/` and `targets/` side by side,
 * in folders named after the split (train, tier1, tier3, test, hold, alone or below geotiffs/), or
 * in the root itself. tier1 is the GeoTIFF release's name for train.
 * @throws if there is no folder `images` below the root, or no image of xBD in any
 */
export async function findTiles(root: string): Promise<FoundTiles> {
  const { splits, problems, entries } = await findFolders(root);
  const unread = problems.map(({ file, what }) => `; ${file}: ${what}`).join('');
  if (splits.length === 0)
    throw new Error(
      `xBD: expected a folder images in ${root} or below it (train/images, ` +
        `geotiffs/tier3/images, ...), got none${misplaced(root, entries)}${unread}`,
    );
  const found = splits.map((split) => tilesOf(root, split));
  const tiles = found.flatMap((one) => one.tiles);
  if (!tiles.some(({ pre, post }) => pre ?? post))
    throw new Error(
      'xBD: expected images DISASTER_00000000_pre_disaster.png (or .tif) in ' +
        `${imageFolders(splits).join(', ')}, got none${among(splits)}${unread}`,
    );
  return {
    tiles,
    unknownFiles: found.flatMap((one) => one.unknownFiles),
    problems: [...problems, ...found.flatMap((one) => one.problems)],
  };
}

/** Advice on a root that holds the files themselves; empty for another. */
function misplaced(root: string, entries: readonly FolderEntry[]): string {
  const names = entries.flatMap(({ name }) => parseTileName(name) ?? []);
  if (names.length === 0) return '';
  const itself = basename(resolve(root)).toLowerCase();
  return ['images', 'labels', 'targets'].includes(itself)
    ? `: this is the ${itself} folder; give the one above`
    : ': files of xBD lie in it side by side; move them to images, labels and targets';
}

const imageFolders = (splits: readonly SplitFolder[]) =>
  splits.flatMap(({ folders }) =>
    folders.filter(({ role }) => role === 'image').map(({ path }) => path),
  );

/** How many other files there are, and one of them. */
function among(splits: readonly SplitFolder[]): string {
  const others = splits
    .flatMap(({ folders }) => folders.filter(({ role }) => role === 'image'))
    .flatMap(({ entries }) => entries.filter(({ name }) => !litter.test(name)));
  const [first] = others;
  return first ? ` of such a name among ${others.length}, as ${first.name}` : '';
}

/** The tiles of one folder that holds images/. */
function tilesOf(root: string, { split, folders }: SplitFolder): FoundTiles {
  const tiles = new Map<string, TileFiles>();
  const unknownFiles: string[] = [];
  const problems: XbdProblem[] = [];
  for (const { path: folder, role, entries } of folders) {
    for (const { name, type } of entries) {
      const file = relative(root, join(folder, name));
      const parsed = parseTileName(name);
      if (parsed?.role !== role) {
        if (!litter.test(name)) unknownFiles.push(file);
        continue;
      }
      const { stem, disaster, id } = parsed;
      const tile = tiles.get(stem) ?? { split, stem, disaster, id };
      tiles.set(stem, tile);
      const key = keyOf(parsed);
      const before = tile[key];
      if (type !== 'file') {
        const what = `expected a file, got ${gotNames[type]}`;
        problems.push({ split, stem, file, what, fatal: false });
      } else if (before === undefined) tile[key] = file;
      else {
        const what = `a second ${role} of this name, left out: ${before} is taken`;
        problems.push({ split, stem, file, what, fatal: false });
      }
    }
  }
  const sorted = [...tiles.values()].sort((a, b) => (a.stem < b.stem ? -1 : 1));
  return { tiles: sorted, unknownFiles, problems };
}

const gotNames: Readonly<Record<Exclude<FolderEntry['type'], 'file'>, string>> = {
  folder: 'a folder',
  'pipe or device': 'a pipe or device',
  nothing: 'a link that leads nowhere',
  closed: 'a link that must not be followed',
};

function keyOf({ phase, role }: TileName) {
  if (role === 'image') return phase;
  return role === 'label' ? (`${phase}Label` as const) : (`${phase}Target` as const);
}
