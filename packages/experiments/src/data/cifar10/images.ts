import { cifar10Classified } from '@noisy-pairs/cifar10';
import { openSource, type ClassifiedSource } from '@noisy-pairs/pairs';
import type { EmbeddingImages } from '../embedding-images.ts';
import type { ImagesRun } from '../kind.ts';
import type { Cifar10Data } from './schema.ts';

/**
 * Test images by their true classes, drawn as those that runs are measured on. Noise is a matter of
 * wrong labels in training; a test image has none.
 */
export async function cifar10Images(
  { dir }: Cifar10Data,
  _: ImagesRun,
  points: number,
): Promise<EmbeddingImages> {
  const source = await openSource<ClassifiedSource>(
    cifar10Classified({ dir, split: 'test', seed: 0, limit: points }),
  );
  return {
    size: source.size,
    length: source.length,
    about:
      `${source.length} test images, evenly of all classes, coloured by their true class. What ` +
      'is noisy in this data is labels in training, so there is no noise to show here.',
    image: { class: { type: 'names', title: 'By class', names: source.classes } },
    read: async (index, image) => ({
      group: index,
      class: await source.read(index, image),
      noise: NaN,
    }),
  };
}
