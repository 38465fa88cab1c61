import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFolderIndex } from '@noisy-pairs/folders';
import type { Contents } from '../kind.ts';
import type { FoldersData } from './schema.ts';
import { hashOfIndex } from './scored-crops.ts';

/**
 * Hashes of the index and the scores, and the sizes of images and masks: hashing takes minutes.
 * @throws naming a file that is not there
 */
export async function foldersContents({ index: file, scores }: FoldersData): Promise<Contents> {
  const index = await openFolderIndex(file);
  const files = index.pairs.flatMap(({ first, second, change, firstMask, secondMask }) =>
    [...first, ...second, change, firstMask, secondMask].flatMap((name) => name ?? []),
  );
  const sizes = files.map((name) => [name, `${sizeOf(join(index.root, name))} bytes`] as const);
  return {
    'the index': hashOfIndex(index),
    'the scores': hash('sha256', readFileSync(scores)),
    ...Object.fromEntries(sizes),
  };
}

function sizeOf(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false });
  if (!about) throw new Error(`${path}: expected a file that the index names, got none`);
  return about.size;
}
