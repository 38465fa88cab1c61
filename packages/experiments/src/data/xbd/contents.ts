import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readIndex } from '@noisy-pairs/xbd';
import type { Contents } from '../kind.ts';
import type { XbdData } from './schema.ts';

/**
 * A hash of the index, and the sizes of the images and labels it names: hashing takes minutes.
 * @throws naming a file that is not there
 */
export async function xbdContents({ index, trainSplits, testSplits }: XbdData): Promise<Contents> {
  const { root, pairs } = await readIndex(index);
  const own = pairs.filter(({ split }) => [...trainSplits, ...testSplits].includes(split));
  const files = own.flatMap(({ pre, post, preLabel, postLabel }) =>
    [pre, post, preLabel, postLabel].flatMap((file) => file ?? []),
  );
  const sizes = files.map((file) => [file, `${sizeOf(join(root, file))} bytes`] as const);
  return { 'the index': hash('sha256', JSON.stringify(own)), ...Object.fromEntries(sizes) };
}

function sizeOf(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false });
  if (!about) throw new Error(`${path}: expected a file that the index names, got none`);
  return about.size;
}
