import { cleanSetting, type NoiseWords } from '../noise-words.ts';

export const cifar10Words: NoiseWords = {
  level: 'mislabelled',
  slug: 'm',
  share: 'pairs by label',
  noisy:
    'A pair by label is two images of one label; it is false if their true classes differ, ' +
    'because one label or both are wrong. The other pairs are two views of one image.',
  noisyPairs: 'Pairs by labels of which some are wrong',
  clean: 'pairs of one image',
  axis: 'imageNoise',
  axisTitle: 'share of mislabelled images',
  dashedClean: 'pairs without labels',
  baseline: ({ noisyShare }) => ({ ...cleanSetting(), noisyShare }),
  baselineWords: 'pairs by true labels',
};
