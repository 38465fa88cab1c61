import type { Random } from '@noisy-pairs/imaging';
import { all } from '../../readers/batch-reader.ts';

/** A learning rate on trial. */
export interface Candidate {
  readonly learningRate: number;
  /** On the images held back, 0..1; null if the loss became non-finite. */
  readonly score: number | null;
}

/** Share of the training images that is held back to choose a learning rate. */
const validationShare = 0.2;

/**
 * The learning rate to train with: the only one, or the first of those that score best on a fifth
 * of the training images.
 * @param length number of training images
 * @param random draws which are held back
 * @param validate trains on some images and scores on those held back, 0..1; null for a rate too
 *   high for a finite loss
 * @returns the rate, and each one's score (none if there was nothing to choose)
 */
export async function chooseLearningRate(
  rates: readonly number[],
  length: number,
  random: Random,
  validate: (
    learningRate: number,
    trained: readonly number[],
    heldBack: readonly number[],
  ) => Promise<number | null>,
): Promise<{ learningRate: number; candidates: Candidate[] }> {
  const order = random.shuffle(all(length));
  const cut = Math.round(length * validationShare);
  const candidates: Candidate[] = [];
  for (const learningRate of rates.length > 1 ? rates : []) {
    const score = await validate(learningRate, order.slice(cut), order.slice(0, cut));
    candidates.push({ learningRate, score });
  }
  const [best] = [...candidates].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  return { learningRate: best?.learningRate ?? rates[0] ?? NaN, candidates };
}
