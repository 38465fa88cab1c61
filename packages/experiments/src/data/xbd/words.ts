import { cleanSetting, type NoiseWords } from '../noise-words.ts';

export const xbdWords: NoiseWords = {
  level: 'damage from',
  slug: 'r',
  share: 'noisy share',
  noisy:
    "A pair is noisy if at least that share of the crop's building pixels was damaged between " +
    'the images; clean pairs show no damage.',
  noisyPairs: 'Noisy pairs',
  clean: 'clean pairs',
  axis: 'noisyShare',
  axisTitle: 'share of noisy pairs',
  baseline: cleanSetting,
  baselineWords: 'clean pairs',
};
