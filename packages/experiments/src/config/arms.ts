import { z } from 'zod';

/** A choice of the pairs that a run learns from, by the name that its kind of data gives it. */
export const pairChoice = z.string().regex(/^[a-z0-9-]+$/);

/** An arm of a panel: the pairs and the loss that its runs have. */
const arm = z.strictObject({
  choice: pairChoice,
  /** The method's own, or the panel's robust one. */
  loss: z.enum(['own', 'robust']),
});
export type Arm = z.infer<typeof arm>;

/** An arm in comparisons, and in names of runs. */
export const armName = ({ choice, loss }: Arm): string =>
  loss === 'robust' ? `${choice}-robust` : choice;

/** Two arms by their names: the first's score less the second's, by seed. */
const armDifference = { arm: z.string(), against: z.string() };

/** Named arms in place of a grid of noise, and which of them are compared. */
export const armsConfig = z.strictObject({
  /** The question that the comparisons answer. */
  question: z.string().min(1),
  list: z.array(arm).min(1),
  comparisons: z
    .array(
      z.strictObject({
        /** What is compared with what, in words. */
        title: z.string().min(1),
        ...armDifference,
        /** A control, whose difference is taken off: the whole is a difference of differences. */
        less: z.strictObject(armDifference).exactOptional(),
      }),
    )
    .min(1),
});
export type Arms = z.infer<typeof armsConfig>;
