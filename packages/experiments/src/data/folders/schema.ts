import { z } from 'zod';
import { share } from '../../config/ranges.ts';
import { labelledFields } from '../kind.ts';

/** Labels that encoders are measured by: masks of one image, masks of change, classes of pairs. */
export const folderTasks = ['segmentation', 'change', 'classes'] as const;

/** Crops of a user's own pairs. */
export const foldersSchema = z.strictObject({
  kind: z.literal('folders'),
  ...labelledFields,
  /** File of the index, as folders:index writes it. */
  index: z.string(),
  /** File of the crops and their scores, as the audit writes it. */
  scores: z.string(),
  task: z.enum(folderTasks),
  /** Share of the pairs that filters leave out. */
  drop: share,
});
export type FoldersData = z.infer<typeof foldersSchema>;
