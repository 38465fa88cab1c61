import { cleanSetting, type NoiseWords } from '../noise-words.ts';
import { folderChoices } from './choices.ts';

export const foldersWords: NoiseWords = {
  level: 'noise',
  slug: 'n',
  share: 'noisy share',
  noisy: 'Which pairs are noisy is not known: a score sorts them, and filters drop the highest.',
  noisyPairs: 'Own pairs',
  clean: 'all pairs',
  axis: 'noisyShare',
  axisTitle: 'share of noisy pairs',
  baseline: cleanSetting,
  baselineWords: 'all pairs',
  choices: folderChoices,
  counts: {
    pairs: { title: 'pairs', share: false },
    changed: { title: 'more than 5 % changed', share: true },
  },
};
