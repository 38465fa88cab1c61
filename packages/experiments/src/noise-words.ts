import type { RunConfig } from './config.ts';

/** How a kind of data calls its noise, in tables, plots and sentences. */
export interface NoiseWords {
  /** Of the level, before its value. */
  readonly level: string;
  /** What makes a pair noisy. */
  readonly noisy: string;
  /** A level from which pairs show wholly different content, and are no noisy but false pairs; undefined if there is none. */
  readonly falseFrom: number | undefined;
}

export const noiseWords: Readonly<Record<RunConfig['data']['kind'], NoiseWords>> = {
  vts: { level: 'r_img', noisy: 'A pair is noisy if a share r_img of one image\'s cells is filled with a third texture.', falseFrom: 1 },
  xbd: { level: 'damage from', noisy: 'A pair is noisy if at least that share of the crop\'s building pixels was damaged between the images; clean pairs show no damage.', falseFrom: undefined },
};
