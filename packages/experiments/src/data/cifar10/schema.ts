import { z } from 'zod';
import { labelledFields } from '../kind.ts';

/** CIFAR-10 in its binary files. */
export const cifar10Schema = z.strictObject({
  kind: z.literal('cifar10'),
  ...labelledFields,
  /** Images are 32 x 32 pixels. */
  size: z.literal(32),
  /** Folder of the binary files. */
  dir: z.string(),
});
export type Cifar10Data = z.infer<typeof cifar10Schema>;
