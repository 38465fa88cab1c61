import type { Precision } from '@noisy-pairs/engine';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import type { SourceSpec } from '@noisy-pairs/pairs';
import type { Progress } from '../run-folder/progress.ts';

/**
 * frozen: the head learns alone. finetune: everything does, from given weights. scratch-supervised:
 * everything, from a random start.
 */
export type HeadMode = 'frozen' | 'finetune' | 'scratch-supervised';

/** How a head is trained on an encoder, whatever the head is for. */
export interface HeadTrainingOptions {
  readonly encoder: Encoder;
  /**
   * Borrowed; required unless the mode is scratch-supervised, which must not have them. Entries of
   * a projection head are left out.
   */
  readonly weights?: NetworkState;
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
  /** Called before each write into `out`, which does not happen if it throws. */
  readonly beforeWrite?: () => void;
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
  if ((mode === 'scratch-supervised') === (weights !== undefined)) {
    const [expected, got] = weights ? ['none', 'some'] : ['some', 'none'];
    throw new Error(`weights: expected ${expected} in mode ${mode}, got ${got}`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new Error(`batchSize: expected a positive whole number, got ${batchSize}`);
  if (!(epochs > 0)) throw new Error(`epochs: expected a positive number, got ${epochs}`);
  if (learningRates.length === 0 || !learningRates.every((rate) => rate > 0)) {
    const got = learningRates.join(', ') || 'none';
    throw new Error(`learningRates: expected one or more positive numbers, got ${got}`);
  }
}
