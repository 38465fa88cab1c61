import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  indexFolder,
  openFolderIndex,
  writeFolderIndex,
  type FolderIndex,
  type IndexOptions,
} from '@noisy-pairs/folders';
import { hashOfIndex, scoreCrops } from '../../data/folders/scored-crops.ts';
import { makeFolder } from '../../folder/make-folder.ts';
import type { AuditSet } from './audit-sweep.ts';

/**
 * The pairs of a folder, or of an index file.
 * @throws if there is none, or the index is damaged
 */
export async function openPairs(data: string, options: IndexOptions): Promise<FolderIndex> {
  const about = statSync(data, { throwIfNoEntry: false });
  if (!about)
    throw new Error(`--data: expected a folder of pairs or an index of one at ${data}, got none`);
  return about.isDirectory() ? await indexFolder(data, options) : await openFolderIndex(data);
}

/**
 * Pairs with their scores, both kept in a folder: what is there already is taken, if it is of these
 * very pairs.
 * @throws if the folder holds other pairs, or naming a file that cannot be read
 */
export async function openSet(
  index: FolderIndex,
  size: number,
  out: string,
  onProgress?: (done: number, of: number) => void,
): Promise<AuditSet> {
  makeFolder(out);
  const files = { index: join(out, 'index.jsonl'), scores: join(out, 'scores.json') };
  if (existsSync(files.index)) {
    const before = await openFolderIndex(files.index);
    if (hashOfIndex(before) !== hashOfIndex(index))
      throw new Error(
        `${files.index}: expected the ${index.pairs.length} pairs of ${index.root}, got others ` +
          `(${before.pairs.length}); choose another --out folder`,
      );
  }
  await writeFolderIndex(files.index, index);
  return { index, files, scored: await scoreCrops(index, size, files.scores, onProgress) };
}
