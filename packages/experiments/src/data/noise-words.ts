import type { Setting } from '../config/setting.ts';

/**
 * How a kind of data calls its noise, in names, tables, plots and sentences, and what its noisy
 * runs are compared with.
 */
export interface NoiseWords {
  /** The level of noise, before its value. */
  readonly level: string;
  /** The level in names of runs. */
  readonly slug: string;
  /** The noisy share, before its value. */
  readonly share: string;
  /** One or more sentences on when a pair is noisy. */
  readonly noisy: string;
  /** Noisy pairs at the beginning of a sentence. */
  readonly noisyPairs: string;
  /** Pairs without noise. */
  readonly clean: string;
  /** Horizontal axis of the plot. */
  readonly axis: 'noisyShare' | 'imageNoise';
  readonly axisTitle: string;
  /**
   * Clean pairs in the sentence on dashed lines, where they are one: over the level of noise they
   * have no place on the axis.
   */
  readonly dashedClean?: string;
  /**
   * A level from which pairs show wholly different content, and are no noisy but false pairs;
   * absent if there is none.
   */
  readonly falseFrom?: number;
  /** The setting that a setting of noisy pairs is compared with. */
  readonly baseline: (noisy: Setting) => Setting;
  readonly baselineWords: string;
  /** Choices of pairs for arms, in words by name; absent where the kind makes none. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Counts of a choice's pairs (`RunData.counts`), for heads of tables, by name. */
  readonly counts?: Readonly<Record<string, CountWords>>;
}

/** A count of pairs in words. */
interface CountWords {
  readonly title: string;
  /** Whether it is a share, 0..1. */
  readonly share: boolean;
}

/** Clean pairs, trained on as they are. */
export const cleanSetting = (): Setting => ({
  kind: 'pretrained',
  remedy: 'keep',
  imageNoise: 0,
  noisyShare: 0,
});
