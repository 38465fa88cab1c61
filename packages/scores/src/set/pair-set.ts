import type { Raster } from '@noisy-pairs/imaging';

/** A part of an image in pixels, from its upper left. */
export interface CropWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Two images of one place, as the index of a set has them. */
export interface PairEntry {
  /** Of its own in the set. */
  readonly name: string;
  /** What must stay together when pairs are split or resampled. */
  readonly place: string;
  readonly width: number;
  readonly height: number;
}

/** A crop of a pair with its pixels. */
export interface PairCrop {
  /** Index into the pairs of the set. */
  readonly pair: number;
  readonly window: CropWindow;
  readonly first: Raster;
  readonly second: Raster;
  /** 0 unchanged, 1 changed, 255 not known, a pixel each; undefined without a mask. */
  readonly change?: Uint8Array | undefined;
  /** Changed pixels over those that are known; null where none is. */
  readonly changedShare: number | null;
}

/** Pairs that can be scored, whatever they are read from. */
export interface PairSet {
  readonly name: string;
  readonly pairs: readonly PairEntry[];
  /**
   * Crops of all pairs or of some, pair after pair, always in the same order.
   * @param size edge in pixels; 0: whole images
   */
  crops(size: number, pairs?: readonly number[]): AsyncIterable<PairCrop>;
}
