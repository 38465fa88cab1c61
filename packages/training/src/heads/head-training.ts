import type { Precision } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import type { SourceSpec } from '@noisy-pairs/pairs';
import type { EncoderWeights } from '../encoders/encoder-weights.ts';
import type { Progress } from '../run-folder/progress.ts';

/**
 * frozen: only the head learns. finetune: everything does, from given weights. scratch-supervised:
 * everything, from a random start.
 */
export type HeadMode = 'frozen' | 'finetune' | 'scratch-supervised';

/** What training a head on an encoder needs to know, whatever the head is for. */
export interface HeadTrainingOptions {
  readonly encoder: Encoder;
  /**
   * Borrowed; required unless the mode is scratch-supervised, which must not have them. Entries of
   * a projection head are left out.
   */
  readonly weights?: EncoderWeights;
  readonly mode: HeadMode;
  /** Sources of one size and one list of classes. */
  readonly train: SourceSpec;
  readonly test: SourceSpec;
  readonly normalise: InputScale;
  /** Over the training images. */
  readonly epochs: number;
  readonly batchSize: number;
  /**
   * One is used as it is; of several, the one that does best on a fifth of the training images
   * after learning from the others.
   */
  readonly learningRates: readonly number[];
  /** Default sgd. */
  readonly optimizer?: 'sgd' | 'adamw';
  readonly weightDecay: number;
  readonly seed: number;
  /** Folder of the run. */
  readonly out: string;
  /** Runs steps op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
  /** Called with a line on how steps are run. */
  readonly onMessage?: (line: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** @throws naming the option that is out of range */
export function checkHeadTraining({
  mode,
  weights,
  batchSize,
  epochs,
  learningRates,
}: HeadTrainingOptions): void {
  if ((mode === 'scratch-supervised') === (weights !== undefined))
    throw new Error(
      `weights: expected ${weights ? 'none' : 'some'} in mode ${mode}, got ` +
        `${weights ? 'some' : 'none'}`,
    );
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new Error(`batchSize: expected a positive whole number, got ${batchSize}`);
  if (!(epochs > 0)) throw new Error(`epochs: expected a positive number, got ${epochs}`);
  if (learningRates.length === 0 || !learningRates.every((rate) => rate > 0))
    throw new Error(
      'learningRates: expected one or more positive numbers, got ' +
        `${learningRates.join(', ') || 'none'}`,
    );
}

interface Sized {
  readonly size: number;
  readonly classes: readonly string[];
  readonly images?: number;
}

/** @throws unless both sources have one size, the same classes, and as many images a mask */
export function requireAlike(
  one: Sized,
  other: Sized,
  [first, second]: readonly [string, string] = ['training', 'test'],
): void {
  if (one.size !== other.size)
    throw new Error(
      `${second} size: expected ${one.size} pixels as in ${first}, got ${other.size}`,
    );
  if ((one.images ?? 1) !== (other.images ?? 1))
    throw new Error(
      `${second} images: expected ${one.images ?? 1} a mask as in ${first}, got ` +
        `${other.images ?? 1}`,
    );
  if (one.classes.join() !== other.classes.join())
    throw new Error(
      `${second} classes: expected ${one.classes.join(', ')} as in ${first}, got ` +
        `${other.classes.join(', ')}`,
    );
}

/** Of the training images, when a learning rate is to be chosen. */
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
): Promise<{ learningRate: number; scores: { learningRate: number; score: number | null }[] }> {
  const order = random.shuffle(Array.from({ length }, (_, i) => i));
  const cut = Math.round(length * validationShare);
  const scores: { learningRate: number; score: number | null }[] = [];
  for (const learningRate of rates.length > 1 ? rates : [])
    scores.push({
      learningRate,
      score: await validate(learningRate, order.slice(cut), order.slice(0, cut)),
    });
  const [best] = [...scores].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  return { learningRate: best?.learningRate ?? rates[0] ?? NaN, scores };
}
