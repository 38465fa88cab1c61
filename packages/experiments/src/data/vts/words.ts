import { cleanSetting, type NoiseWords } from '../noise-words.ts';

export const vtsWords: NoiseWords = {
  level: 'r_img',
  slug: 'r',
  share: 'noisy share',
  noisy: "A pair is noisy if a share r_img of one image's cells is filled with a third texture.",
  noisyPairs: 'Noisy pairs',
  clean: 'clean pairs',
  axis: 'noisyShare',
  axisTitle: 'share of noisy pairs',
  falseFrom: 1,
  baseline: cleanSetting,
  baselineWords: 'clean pairs',
};
