import type { RunConfig } from '../config.ts';
import type { Setting } from '../setting.ts';

/**
 * How a kind of data calls its noise, in names, tables, plots and sentences, and what its noisy
 * runs are compared with.
 */
export interface NoiseWords {
  /** Of the level, before its value. */
  readonly level: string;
  /** The same in names of runs. */
  readonly slug: string;
  /** Of the noisy share, before its value. */
  readonly share: string;
  /** What makes a pair noisy. */
  readonly noisy: string;
  /** Pairs without noise. */
  readonly clean: string;
  /** What the plot's horizontal axis is. */
  readonly axis: 'noisyShare' | 'imageNoise';
  readonly axisTitle: string;
  /**
   * A level from which pairs show wholly different content, and are no noisy but false pairs;
   * undefined if there is none.
   */
  readonly falseFrom: number | undefined;
  /** What a setting of noisy pairs is compared with, and its words. */
  readonly baseline: (setting: Setting) => Setting;
  readonly baselineWords: string;
}

const clean = (): Setting => ({ kind: 'pretrained', remedy: 'keep', imageNoise: 0, noisyShare: 0 });

export const noiseWords: Readonly<Record<RunConfig['data']['kind'], NoiseWords>> = {
  vts: {
    level: 'r_img',
    slug: 'r',
    share: 'noisy share',
    clean: 'clean pairs',
    axis: 'noisyShare',
    axisTitle: 'share of noisy pairs',
    falseFrom: 1,
    baseline: clean,
    baselineWords: 'clean pairs',
    noisy: "A pair is noisy if a share r_img of one image's cells is filled with a third texture.",
  },
  xbd: {
    level: 'damage from',
    slug: 'r',
    share: 'noisy share',
    clean: 'clean pairs',
    axis: 'noisyShare',
    axisTitle: 'share of noisy pairs',
    falseFrom: undefined,
    baseline: clean,
    baselineWords: 'clean pairs',
    noisy:
      "A pair is noisy if at least that share of the crop's building pixels was damaged " +
      'between the images; clean pairs show no damage.',
  },
  cifar10: {
    level: 'mislabelled',
    slug: 'm',
    share: 'pairs by label',
    clean: 'pairs of one image',
    axis: 'imageNoise',
    axisTitle: 'share of mislabelled images',
    falseFrom: undefined,
    baseline: ({ noisyShare }) => ({
      kind: 'pretrained',
      remedy: 'keep',
      imageNoise: 0,
      noisyShare,
    }),
    baselineWords: 'pairs by true labels',
    noisy:
      'A pair by label is two images of one label; it is false if their true classes differ, ' +
      'because one label or both are wrong. The other pairs are two views of one image.',
  },
};
