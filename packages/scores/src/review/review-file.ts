import { z } from 'zod';

export const marks = ['clean', 'partly', 'wrong'] as const;
export type Mark = (typeof marks)[number];

const whole = z.int().min(0);

const reviewItem = z.strictObject({
  name: z.string(),
  x: whole,
  y: whole,
  width: whole,
  height: whole,
  /** Null where the person has not decided. */
  mark: z.enum(marks).nullable(),
});

const reviewFile = z.strictObject({
  format: z.literal('noisy-pairs/review'),
  version: z.literal(1),
  /** Of the sample, so that marks of another one are told apart. */
  sample: z.string(),
  items: z.array(reviewItem).min(1),
});

/** What the review page saves. */
export type ReviewFile = z.infer<typeof reviewFile>;
export type ReviewItem = ReviewFile['items'][number];

/** @throws `NAME: expected marks as the review page saves them: ...` */
export function parseReview(text: string, name: string): ReviewFile {
  const expected = `${name}: expected marks as the review page saves them`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${expected}, got no JSON`, { cause: error });
  }
  const parsed = reviewFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${expected}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}
