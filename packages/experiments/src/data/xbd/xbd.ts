import type { DataKind } from '../kind.ts';
import { metrics } from '../metric.ts';
import { xbdContents } from './contents.ts';
import { givenXbd } from './given.ts';
import { xbdImages } from './images.ts';
import { xbdPictures } from './pictures.ts';
import { xbdSchema, type XbdData } from './schema.ts';
import { openXbd } from './sources.ts';
import { tileSize, xbdTiles } from './tiles.ts';
import { xbdWords } from './words.ts';

/** xBD: satellite images before and after disasters, with labels of buildings and damage. */
export const xbd: DataKind<XbdData> = {
  name: 'xbd',
  schema: xbdSchema,
  words: xbdWords,
  help: {
    data: 'xBD: the folder of its archives, or an index file of them',
    example: '--recipe xbd-moco --data ~/xbd',
  },
  takes: ['data'],
  tasks: () => ['segmentation', 'damage'],
  metric: () => metrics.meanIou,
  describe: ({ index }) => `xBD by ${index}`,
  given: givenXbd,
  placeless: (data) => ({ ...data, index: '' }),
  contents: xbdContents,
  open: openXbd,
  pictures: xbdPictures,
  images: xbdImages,
  challenge: { tileSize, open: xbdTiles },
};
