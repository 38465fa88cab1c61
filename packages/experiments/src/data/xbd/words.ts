import { cleanSetting, type NoiseWords } from '../noise-words.ts';
import { xbdChoices } from './choices.ts';

export const xbdWords: NoiseWords = {
  level: 'damage from',
  slug: 'r',
  share: 'noisy share',
  noisy:
    'A crop is damaged if at least the least share (damage from) of its building pixels was ' +
    'damaged between the images; undamaged if none was, and nothing in it is un-classified.',
  noisyPairs: 'Noisy pairs',
  clean: 'clean pairs',
  axis: 'noisyShare',
  axisTitle: 'share of noisy pairs',
  baseline: cleanSetting,
  baselineWords: 'clean pairs',
  choices: xbdChoices,
  counts: {
    pairs: { title: 'pairs', share: false },
    crops: { title: 'distinct crops', share: false },
    damagedShare: { title: 'damaged', share: true },
    buildingShare: { title: 'building share', share: true },
    sameEvent: { title: 'matched within the event', share: true },
  },
};
