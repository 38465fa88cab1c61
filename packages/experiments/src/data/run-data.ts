import type { PairFilter, SourceSpec } from '@noisy-pairs/pairs';
import type { Setting } from '../config/setting.ts';

/** The part of a run's configuration that its data depend on. */
export interface DataRun {
  readonly kind: Setting['kind'];
  /** How noisy a noisy pair is, 0..1. */
  readonly imageNoise: number;
  /** Share of the pairs that are noisy, 0..1. */
  readonly noisyShare: number;
  readonly filter: PairFilter;
  /** One of the kind's choices of pairs, which then decides in place of share and filter. */
  readonly choice?: string;
  readonly seed: number;
  /** Labelled images that are looked up every so many epochs (0: never), and among how many. */
  readonly monitor: {
    readonly everyEpochs: number;
    readonly bank: number;
    readonly queries: number;
  };
}

/** Sources that heads are trained and measured on. */
export interface TrainAndTest {
  readonly train: SourceSpec;
  readonly test: SourceSpec;
}

/** Sources of labelled images. */
export interface LabelledData extends TrainAndTest {
  /**
   * Type of the sources: LabelledSources with a mask an image, or ClassifiedSources with a class an
   * image.
   */
  readonly labels: 'masks' | 'classes';
  /**
   * Sources like `train` and `test` of as many images as the monitor asks for. What it sees decides
   * nothing, so that test images may serve, as in MoCo's notebook.
   */
  readonly monitor: { readonly bank: SourceSpec; readonly queries: SourceSpec };
  /** LabelledSources of two images a mask, with classes of damage, where there are any. */
  readonly damage?: TrainAndTest;
}

/** Sources that a run learns from and is measured on. */
export interface RunData {
  /** PairSource. */
  readonly pairs: SourceSpec;
  /** Absent where there are only pairs: nothing is measured then. */
  readonly labelled?: LabelledData;
  /** Share of the pairs whose images are of two classes, where classes are known. */
  readonly falsePairs?: number;
  /** Numbers and shares that describe the pairs of a choice, by name. */
  readonly counts?: Readonly<Record<string, number>>;
}
