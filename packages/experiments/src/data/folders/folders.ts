import type { DataKind } from '../kind.ts';
import { metrics } from '../metric.ts';
import { foldersContents } from './contents.ts';
import { foldersImages, foldersPictures } from './images.ts';
import { foldersSchema, type FoldersData } from './schema.ts';
import { openFolders } from './sources.ts';
import { foldersWords } from './words.ts';

const measures = {
  segmentation: metrics.meanIou,
  change: metrics.changeIou,
  classes: metrics.knnAccuracy,
} as const;

/** A user's own pairs, in whatever folders they lie: what experiments:audit runs on. */
export const folders: DataKind<FoldersData> = {
  name: 'folders',
  schema: foldersSchema,
  words: foldersWords,
  help: {},
  takes: [],
  tasks: ({ task }) => [task === 'classes' ? 'classification' : 'segmentation'],
  metric: ({ task }) => measures[task],
  describe: ({ index, task }) => `pairs of ${index}, measured by ${task}`,
  given: ({ data, noisyShares }) => Promise.resolve({ data, noisyShares }),
  placeless: (data) => ({ ...data, index: '', scores: '' }),
  contents: foldersContents,
  open: openFolders,
  pictures: foldersPictures,
  images: foldersImages,
};
