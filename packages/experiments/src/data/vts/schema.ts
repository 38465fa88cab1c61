import { textureOptions } from '@noisy-pairs/vts';
import { z } from 'zod';
import { count } from '../../config/ranges.ts';
import { labelledFields } from '../kind.ts';

/** Voronoi textures, made as they are asked for. */
export const vtsSchema = z.strictObject({
  kind: z.literal('vts'),
  ...labelledFields,
  /** Voronoi cells an image. */
  cells: count,
  textures: textureOptions,
});
export type VtsData = z.infer<typeof vtsSchema>;
