import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parseTileName } from './names.ts';

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

export interface FoundTiles {
  /** Sorted by split and stem. */
  readonly tiles: readonly TileFiles[];
  /** Files in images/, labels/ and targets/ whose names are not xBD's. */
  readonly unknownFiles: readonly string[];
}

/** What archives and systems leave behind. */
const litter = /^(\._.*|\.DS_Store|desktop\.ini|Thumbs\.db)$/i;
const deepest = 4;

/**
 * Finds the folders of any release below a root: `images/`, `labels/` and `targets/` side by side,
 * in folders named after the split (train, tier1, tier3, test, hold, alone or below geotiffs/), or
 * in the root itself. tier1 is the GeoTIFF release's name for train.
 * @throws if there is no folder `images` below the root, or no image of xBD in any
 */
export async function findTiles(root: string): Promise<FoundTiles> {
  const folders = await foldersWithImages(root, 0);
  if (folders.length === 0)
    throw new Error(
      `xBD: expected a folder images in ${root} or below it (train/images, ` +
        'geotiffs/tier3/images, ...), got none',
    );
  const tiles: TileFiles[] = [];
  const unknownFiles: string[] = [];
  for (const folder of folders.sort()) {
    const name = folder === root ? 'all' : basename(folder);
    const found = new Map<string, TileFiles>();
    for (const sub of ['images', 'labels', 'targets']) {
      const files = await readdir(join(folder, sub)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      });
      for (const file of files.sort()) {
        const tile = parseTileName(file);
        const path = relative(root, join(folder, sub, file));
        if (!tile || tile.kind !== sub.slice(0, -1)) {
          if (!litter.test(file)) unknownFiles.push(path);
          continue;
        }
        const { stem, disaster, id, phase, kind } = tile;
        const entry = found.get(stem) ?? {
          split: name === 'tier1' ? 'train' : name,
          stem,
          disaster,
          id,
        };
        const key =
          kind === 'image' ? phase : (`${phase}${kind === 'label' ? 'Label' : 'Target'}` as const);
        if (entry[key] !== undefined)
          unknownFiles.push(path); // a second image of one name, as .tif beside .png
        else entry[key] = path;
        found.set(stem, entry);
      }
    }
    tiles.push(...[...found.values()].sort((a, b) => (a.stem < b.stem ? -1 : 1)));
  }
  if (!tiles.some(({ pre, post }) => pre ?? post))
    throw new Error(
      'xBD: expected images DISASTER_00000000_pre_disaster.png (or .tif) in ' +
        `${folders.map((folder) => join(folder, 'images')).join(', ')}, got none`,
    );
  return { tiles, unknownFiles };
}

async function foldersWithImages(folder: string, depth: number): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
  const own = entries.some(({ name }) => name === 'images') ? [folder] : [];
  if (depth >= deepest) return own;
  const below = await Promise.all(
    entries
      .filter(
        (entry) =>
          entry.isDirectory() &&
          !['images', 'labels', 'targets'].includes(entry.name) &&
          !entry.name.startsWith('.'),
      )
      .map(({ name }) => foldersWithImages(join(folder, name), depth + 1)),
  );
  return [...own, ...below.flat()];
}
