import type { Random } from '@noisy-pairs/imaging';
import type { RunConfig } from '../config.ts';
import { cifar10Images } from '../data/cifar10/images.ts';
import type { EmbeddingImages } from './embedding-images.ts';
import { vtsImages } from '../data/vts/images.ts';
import { xbdImages } from '../data/xbd/images.ts';

/**
 * Held-out images of a run's data: a function a kind of data.
 * @param points about how many images @param random draws them where there are more
 * @throws if the data are not there
 */
export function openEmbeddingImages(
  { data, imageNoise, seed }: Pick<RunConfig, 'data' | 'imageNoise' | 'seed'>,
  points: number,
  random: Random,
): Promise<EmbeddingImages> {
  switch (data.kind) {
    case 'vts':
      return vtsImages(data, imageNoise, seed, points);
    case 'xbd':
      return xbdImages(data, imageNoise, points, random);
    case 'cifar10':
      return cifar10Images(data.dir, points);
  }
}
