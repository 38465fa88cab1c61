import type { FindOptions } from '../rules/find-pairs.ts';
import type { SplitBy } from '../splits/split-pairs.ts';
import type { MaskClass } from './folder-index.ts';

export interface IndexOptions extends FindOptions {
  readonly split?: SplitBy | undefined;
  /** Its first group is the place, searched in a pair's name. */
  readonly place?: RegExp | undefined;
  /** Bands of red, green and blue, from 1. */
  readonly bands?: readonly [number, number, number] | undefined;
  /**
   * Shares in percent of the set's values that become dark and bright, for 16 bits and floats;
   * none: they are 0..255. Without it such images are left out.
   */
  readonly stretch?: readonly [low: number, high: number] | 'none' | undefined;
  /** crop: of images of two sizes the upper left part that both have. Default: left out. */
  readonly fit?: 'crop' | undefined;
  readonly classes?: readonly MaskClass[] | undefined;
  readonly onProgress?: (done: number, of: number, what: string) => void;
  readonly signal?: AbortSignal;
}
