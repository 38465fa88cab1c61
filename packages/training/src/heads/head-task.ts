import type { ConfusionMatrix } from '@noisy-pairs/evaluation';
import type { NetworkState } from '@noisy-pairs/models';
import type { FeatureReader } from '../encoders/feature-reader.ts';
import type { ImageReader } from '../readers/batch-reader.ts';
import type { HeadMode } from './head-options.ts';
import type { Head } from './head.ts';
import type { Candidate } from './learning/learning-rate.ts';
import type { OnPredicted } from './learning/predictions.ts';

/** Images to learn from, and images held out. */
export type Part = 'train' | 'test';

/** One of each part. */
export interface TrainTest<T> {
  readonly train: T;
  readonly test: T;
}

/** The purpose of a head: how images are read, the head itself, and how it is measured. */
export interface HeadTask<Measures> {
  /** Names its files, and its part of the run's random numbers. */
  readonly name: string;
  readonly images: TrainTest<ImageReader>;
  readonly head: Head;
  /** Whether a frozen encoder's features are kept in memory or computed anew for each batch. */
  readonly keeps: (features: FeatureReader, part: Part) => boolean;
  /** 0..1, higher is better: learning rates are compared by it. */
  score(matrix: ConfusionMatrix): number;
  /** Told the predictions of the test images, batch by batch, in their order. */
  readonly onPredicted?: OnPredicted;
  /** JSON-safe. Called once, when the test images have been predicted. */
  measure(outcome: HeadOutcome): Promise<Measures>;
}

/** The end of a training; all of it borrowed. */
interface HeadOutcome {
  /** Test images by true and predicted class. */
  readonly matrix: ConfusionMatrix;
  /** The learning rates tried, none if there was no choice. */
  readonly candidates: readonly Candidate[];
  /** The encoder as it is after the training. */
  readonly encoder: NetworkState;
  /** A frozen encoder's features as the head saw them; undefined where the encoder learned too. */
  readonly features: TrainTest<FeatureReader> | undefined;
}

/** Results of any head; JSON-safe. */
export interface HeadResult {
  readonly mode: HeadMode;
  readonly testImages: number;
  /** The one that was used. */
  readonly learningRate: number;
  readonly steps: number;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  /**
   * SHA-256 of the encoder's weights and batch-norm statistics after training; in mode frozen also
   * that before.
   */
  readonly encoderHash: string;
  readonly seconds: number;
}
