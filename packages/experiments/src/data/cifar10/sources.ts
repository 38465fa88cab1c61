import { cifar10Classified, cifar10Pairs, countFalsePairs } from '@noisy-pairs/cifar10';
import type { DataRun, RunData } from '../run-data.ts';
import type { Cifar10Data } from './schema.ts';

/**
 * Pairs of training images by their perhaps wrong labels; probes learn from as many of them as
 * `train` says, by true ones.
 */
export async function openCifar10(
  { dir, pairs, train, test }: Cifar10Data,
  { imageNoise, noisyShare, filter, seed, monitor }: DataRun,
): Promise<RunData> {
  const images = { dir, split: 'train', seed } as const;
  // every run is measured on the same images
  const tests = { dir, split: 'test', seed: 0 } as const;
  const options = { ...images, limit: pairs, mislabelled: imageNoise };
  const { share } = await countFalsePairs(options);
  return {
    pairs: cifar10Pairs(options),
    labelled: {
      labels: 'classes',
      train: cifar10Classified({ ...images, limit: train }),
      test: cifar10Classified({ ...tests, limit: test }),
      monitor: {
        bank: cifar10Classified({ ...images, limit: monitor.bank }),
        queries: cifar10Classified({ ...tests, limit: monitor.queries }),
      },
    },
    falsePairs: filter === 'none' ? share * noisyShare : 0,
  };
}
