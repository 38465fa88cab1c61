import { hashCifar10 } from '@noisy-pairs/cifar10';
import type { DataKind } from '../kind.ts';
import { metrics } from '../metric.ts';
import { cifar10Folder, givenCifar10 } from './given.ts';
import { cifar10Images } from './images.ts';
import { cifar10Pictures } from './pictures.ts';
import { cifar10Schema, type Cifar10Data } from './schema.ts';
import { openCifar10 } from './sources.ts';
import { cifar10Words } from './words.ts';

/** CIFAR-10: pairs by labels, some of which are wrong. */
export const cifar10: DataKind<Cifar10Data> = {
  name: 'cifar10',
  schema: cifar10Schema,
  words: cifar10Words,
  help: {
    data: `CIFAR-10: the folder of its binary files (default: ${cifar10Folder})`,
    example: '--recipe cifar10-false-pairs --data ~/cifar-10-batches-bin',
  },
  takes: ['data'],
  tasks: () => ['classification'],
  metric: () => metrics.knnAccuracy,
  describe: ({ dir }) => `CIFAR-10 in ${dir}`,
  given: givenCifar10,
  placeless: (data) => ({ ...data, dir: '' }),
  contents: ({ dir }) => hashCifar10(dir),
  open: openCifar10,
  pictures: cifar10Pictures,
  images: cifar10Images,
};
