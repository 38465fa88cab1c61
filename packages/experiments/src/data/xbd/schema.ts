import { z } from 'zod';
import { count, share } from '../../config/ranges.ts';
import { labelledFields } from '../kind.ts';

/** Crops of xBD's tiles, before and after a disaster. */
export const xbdSchema = z.strictObject({
  kind: z.literal('xbd'),
  ...labelledFields,
  /** File of the index. */
  index: z.string(),
  /** Official splits to pretrain and to train heads on, and to measure on. */
  trainSplits: z.array(z.string().min(1)).min(1),
  testSplits: z.array(z.string().min(1)).min(1),
  /** At most this many tiles of either part, drawn by seed. */
  tiles: count,
  /** Crops with a larger share of nodata are left out. */
  mostNodata: share,
  /** Labelled crops have at least this share of building pixels. */
  leastBuilding: share,
});
export type XbdData = z.infer<typeof xbdSchema>;
