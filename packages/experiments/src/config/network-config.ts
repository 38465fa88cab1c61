import { z } from 'zod';
import { count, triple } from './ranges.ts';

/** A ResNet (see resnet of @noisy-pairs/models). */
export const encoderConfig = z.strictObject({
  depth: z.literal([10, 18, 34, 50]),
  width: count,
  stem: z.enum(['imagenet', 'half', 'small']),
  strides: z.array(z.int().min(1).max(2)).min(1).max(4),
  /** Parts of a batch that batch norm takes each by itself, in place of shuffling; absent: 1. */
  batchNormGroups: count.exactOptional(),
});

/** Mean and standard deviation of pixels on the scale 0..1. */
export const inputScale = z.strictObject({ mean: triple, std: triple });
