import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** How pairs are found; the first that finds one is used for the whole tree. */
const rules = ['list', 'twin folders', 'twin names', 'a folder a place'] as const;
export type RuleName = (typeof rules)[number];

/** Path of a file below the root, with `/`: an index from elsewhere must not name others. */
const path = z.string().refine(isBelow, {
  error: ({ input }) => `expected a path below the root, got ${String(input).slice(0, 100)}`,
});
/** Files of an image: one, or three of one band each: red, green and blue. */
const image = z.array(path).refine(({ length }) => length === 1 || length === 3, {
  error: 'expected one file or three',
});
const pixels = z.int().min(1);

export const pairRow = z.strictObject({
  /** Of its own in the index: for messages and tables. */
  name: z.string(),
  first: image,
  second: image,
  /** Mask of what changed between the two. */
  change: path.nullable(),
  /** Masks of what is in one image. */
  firstMask: path.nullable(),
  secondMask: path.nullable(),
  class: z.string().nullable(),
  /** train, val, test or what lists call it; null where nothing says. */
  split: z.string().nullable(),
  /** What must stay together when pairs are split. */
  place: z.string(),
  /** Of the part that both images have. */
  width: pixels,
  height: pixels,
  /** Changed pixels over those that the mask knows; null without a mask. */
  changedShare: z.number().min(0).max(1).nullable(),
});
/** Two images of one place, both there and readable by their headers. */
export type FolderPair = z.infer<typeof pairRow>;

export const leftOutRow = z.strictObject({ path: z.string(), reason: z.string() });
/** A file, or a folder that was not read, that is part of no pair; or a line of a list. */
export type LeftOut = z.infer<typeof leftOutRow>;

/** A class of masks, by its stored number or its colour as #rrggbb. */
const maskClass = z.strictObject({ value: z.union([z.int(), z.string()]), name: z.string() });
export type MaskClass = z.infer<typeof maskClass>;

const ranges = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])).length(3));

const pixelRules = z.strictObject({
  /** Bands that are red, green and blue, from 1; null: the first three. */
  bands: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]).nullable(),
  /**
   * What becomes of 16 bits and floats, by the sort of image (`TYPE x BANDS`): for red, green and
   * blue the values that become dark and bright, over the whole set; null: they are 0..255 already.
   */
  stretch: ranges.nullable(),
  /** Classes of masks with more than two values; the first of a change mask is "unchanged". */
  classes: z.array(maskClass).nullable(),
  /** Whether 255 in masks is "not known" (it is, where a mask has 0, 1 and 255). */
  ignores255: z.boolean(),
});
/** How files become RGB of 8 bits and labels. */
export type PixelRules = z.infer<typeof pixelRules>;

export const headerRow = z.strictObject({
  format: z.literal('noisy-pairs/folders-index'),
  version: z.literal(1),
  /** Absolute. */
  root: z.string(),
  rule: z.enum(rules),
  /** How the rule found them, with names. */
  found: z.string(),
  pixels: pixelRules,
  /** Lines to be shown to whoever uses the index. */
  notes: z.array(z.string()),
  /** Files by what they are: image, mask, split list, litter, left out; in all. */
  files: z.record(z.string(), z.int().min(0)),
});

/** Pairs below a root, and what of it is left out. */
export interface FolderIndex extends z.infer<typeof headerRow> {
  readonly pairs: readonly FolderPair[];
  readonly leftOut: readonly LeftOut[];
}

function isBelow(text: string): boolean {
  const leaves = text.split(/[\\/]/).includes('..');
  return text !== '' && !isAbsolute(text) && !text.includes('\0') && !leaves;
}
