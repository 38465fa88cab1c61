import { cifar10Classes, cifar10Pairs } from '@noisy-pairs/cifar10';
import { createRaster } from '@noisy-pairs/imaging';
import { picture, type Picture } from '@noisy-pairs/pages';
import { openSource, type PairSource } from '@noisy-pairs/pairs';
import type { Cifar10Data } from './schema.ts';

/** A row an image, with its partners by labels of which more and more are wrong. */
export async function cifar10Pictures(
  { dir, pairs, size }: Cifar10Data,
  levels: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const pictures: Picture[][] = Array.from({ length: Math.min(rows, pairs) }, () => []);
  for (const mislabelled of levels) {
    const source = await openSource<PairSource>(
      cifar10Pairs({ dir, split: 'train', seed: 0, limit: pairs, mislabelled }),
    );
    for (const [index, row] of pictures.entries()) {
      const first = createRaster(size, size, 3);
      const second = createRaster(size, size, 3);
      await source.read(index, true, first.data, second.data);
      const ids = source.classesOf?.(index, true) ?? [];
      const [one = '?', other = '?'] = ids.map((id) => cifar10Classes[id]);
      if (row.length === 0) row.push(await picture(one, first));
      const wrong = one === other ? '' : ' (false)';
      row.push(await picture(`${mislabelled} mislabelled: ${other}${wrong}`, second));
    }
  }
  return pictures;
}
