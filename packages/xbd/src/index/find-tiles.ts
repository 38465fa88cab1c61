import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
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
}

/** Files that archives and systems leave behind. */
const litter = /^(\._.*|\.DS_Store|desktop\.ini|Thumbs\.db)$/i;
const deepest = 4;
const roles = { images: 'image', labels: 'label', targets: 'target' } as const;

/**
 * Finds the folders of any release below a root: `images/`, `labels/` and `targets/` side by side,
 * in folders named after the split (train, tier1, tier3, test, hold, alone or below geotiffs/), or
 * in the root itself. tier1 is the GeoTIFF release's name for train.
 * @throws if there is no folder `images` below the root, or no image of xBD in any
 */
export async function findTiles(root: string): Promise<FoundTiles> {
  const folders = (await foldersWithImages(root, 0)).sort();
  if (folders.length === 0)
    throw new Error(
      `xBD: expected a folder images in ${root} or below it (train/images, ` +
        'geotiffs/tier3/images, ...), got none',
    );
  const found = await Promise.all(folders.map((folder) => tilesOf(root, folder)));
  const tiles = found.flatMap((one) => one.tiles);
  if (!tiles.some(({ pre, post }) => pre ?? post))
    throw new Error(
      'xBD: expected images DISASTER_00000000_pre_disaster.png (or .tif) in ' +
        `${folders.map((folder) => join(folder, 'images')).join(', ')}, got none`,
    );
  return { tiles, unknownFiles: found.flatMap((one) => one.unknownFiles) };
}

async function foldersWithImages(folder: string, depth: number): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
  const own = entries.some(({ name }) => name === 'images') ? [folder] : [];
  if (depth >= deepest) return own;
  const deeper = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(roles, name) && !name.startsWith('.'));
  const below = await Promise.all(
    deeper.map((name) => foldersWithImages(join(folder, name), depth + 1)),
  );
  return [...own, ...below.flat()];
}

/** The tiles of one folder that holds images/. */
async function tilesOf(root: string, folder: string): Promise<FoundTiles> {
  const name = folder === root ? 'all' : basename(folder);
  const split = name === 'tier1' ? 'train' : name;
  const tiles = new Map<string, TileFiles>();
  const unknownFiles: string[] = [];
  for (const [sub, role] of Object.entries(roles)) {
    for (const file of await filesOf(join(folder, sub))) {
      const path = relative(root, join(folder, sub, file));
      const parsed = parseTileName(file);
      if (parsed?.role !== role) {
        if (!litter.test(file)) unknownFiles.push(path);
        continue;
      }
      const { stem, disaster, id } = parsed;
      const tile = tiles.get(stem) ?? { split, stem, disaster, id };
      tiles.set(stem, tile);
      const key = keyOf(parsed);
      if (tile[key] === undefined) tile[key] = path;
      else unknownFiles.push(path); // a second image of one name, as .tif beside .png
    }
  }
  const sorted = [...tiles.values()].sort((a, b) => (a.stem < b.stem ? -1 : 1));
  return { tiles: sorted, unknownFiles };
}

/** Sorted; none where the folder is not there. */
async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function keyOf({ phase, role }: TileName) {
  if (role === 'image') return phase;
  return role === 'label' ? (`${phase}Label` as const) : (`${phase}Target` as const);
}
