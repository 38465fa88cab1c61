import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCifar10 } from '@noisy-pairs/cifar10';
import { callerPath } from '@noisy-pairs/command-line';
import type { DataFlags, GivenData, PanelData } from '../kind.ts';
import type { Cifar10Data } from './schema.ts';

/** Where CIFAR-10 is looked for without --data, seen from where the user stands. */
export const cifar10Folder = join('data', 'cifar-10-batches-bin');

/** CIFAR-10, read once so that what is wrong with it is said before anything starts. */
export async function givenCifar10(
  { data, noisyShares }: PanelData<Cifar10Data>,
  { recipe, data: given }: DataFlags,
  say: (line: string) => void,
): Promise<GivenData<Cifar10Data>> {
  const dir = given ?? callerPath(data.dir === '' ? cifar10Folder : data.dir);
  if (given === undefined && data.dir === '' && !existsSync(dir)) {
    throw new Error(
      `--data: expected CIFAR-10 with recipe ${recipe}, got none: unpack its binary version ` +
        `(cifar-10-binary.tar.gz) to ${dir}, or name the folder of data_batch_1.bin .. ` +
        'data_batch_5.bin and test_batch.bin',
    );
  }
  const wanted = { train: Math.max(data.pairs, data.train), test: data.test };
  for (const split of ['train', 'test'] as const) {
    const { length, name, missing } = await readCifar10(dir, split);
    if (length < wanted[split]) {
      const absent = missing.length > 0 ? ` (${missing.join(', ')} not there)` : '';
      throw new Error(
        `${dir}: expected ${wanted[split]} ${split} images with recipe ${recipe}, got ` +
          `${length}${absent}`,
      );
    }
    say(`${name}: ${length} images, of which ${wanted[split]} are used`);
  }
  return { data: { ...data, dir }, noisyShares };
}
