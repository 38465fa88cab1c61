import type { Random } from '@noisy-pairs/imaging';
import { folderPairs } from '@noisy-pairs/folders';
import { openSource, type PairSource } from '@noisy-pairs/pairs';
import { picture, type Picture } from '@noisy-pairs/pages';
import { createRaster } from '@noisy-pairs/imaging';
import type { EmbeddingImages } from '../embedding-images.ts';
import type { ImagesRun } from '../kind.ts';
import { openParts, windowOf } from './parts.ts';
import type { FoldersData } from './schema.ts';
import type { ScoredCrop } from './scored-crops.ts';

/** First images of held-out crops, by true share of change; NaN where that is not known. */
export async function foldersImages(
  data: FoldersData,
  _run: ImagesRun,
  points: number,
  random: Random,
): Promise<EmbeddingImages> {
  const { size } = data;
  const { index, test } = await openParts(data);
  const crops = random.shuffle([...test]).slice(0, points);
  const readers = new Map<number, PairSource>();
  const second = new Uint8Array(3 * size * size);
  return {
    size,
    length: crops.length,
    about: `${crops.length} held-out crops, their first images.`,
    image: { class: { type: 'share', title: 'By true share of change', of: 'change' } },
    async read(at, image) {
      const crop = crops[at] as ScoredCrop;
      const reader = readers.get(at) ?? (await oneCrop(index, crop, size));
      readers.set(at, reader);
      await reader.read(0, false, image, second);
      return { group: crop.pair, class: crop.changedShare ?? NaN, noise: NaN };
    },
  };
}

/** Rows of two images: the lowest score, then the highest. */
export async function foldersPictures(
  data: FoldersData,
  _levels: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const { index, train } = await openParts(data);
  const order = [...train].sort((a, b) => a.score - b.score);
  const shown = [order[0], ...order.slice(1).slice(-(rows - 1))].flatMap((crop) => crop ?? []);
  const pictures: Picture[][] = [];
  for (const crop of shown) {
    const { size } = data;
    const [first, second] = [createRaster(size, size, 3), createRaster(size, size, 3)];
    await (await oneCrop(index, crop, size)).read(0, false, first.data, second.data);
    pictures.push([
      await picture(`score ${crop.score.toFixed(3)}: first`, first),
      await picture('second', second),
    ]);
  }
  return pictures;
}

const oneCrop = (
  index: Awaited<ReturnType<typeof openParts>>['index'],
  crop: ScoredCrop,
  size: number,
): Promise<PairSource> =>
  openSource<PairSource>(folderPairs({ index, crops: [windowOf(crop, size)], seed: 0 }));
