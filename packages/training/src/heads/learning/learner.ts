import {
  tf,
  type NamedTensors,
  type Scalar,
  type Tensor,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import type { FeatureSpecs, ImageSpecs } from '../../readers/batch-reader.ts';
import { pixelFunction } from '../../views/normalise.ts';
import type { Head } from '../head.ts';

/** Tensors that learn. Where the head learns alone, the encoder has none. */
export type Learned = Readonly<Record<'encoder' | 'stats' | 'head', NamedTensors>>;

/** Those of them that gradients are for. */
export type LearnedParams = Pick<Learned, 'encoder' | 'head'>;

/** How tensors learn and predict, from batches declared so; pure functions. */
export interface Learner<Specs> {
  /** How many class ids it tells apart. */
  readonly classes: number;
  /** The loss of a batch in training, and the statistics after it. Borrows its arguments. */
  loss(
    params: LearnedParams,
    stats: NamedTensors,
    batch: TensorsOf<Specs>,
  ): { loss: Scalar; stats: NamedTensors };
  /** Class ids for a batch, as many as labels and in their order; the caller's. */
  ids(learned: Learned, batch: TensorsOf<Specs>): Tensor;
}

/** The head learns alone, on features that are given to it. */
export function headLearner(head: Head): Learner<FeatureSpecs> {
  return {
    classes: head.classes,
    loss: (params, stats, { features, labels }) => ({
      loss: head.loss(params.head, features, labels),
      stats,
    }),
    ids: (learned, { features }) => tf.tidy(() => head.ids(learned.head, features)),
  };
}

/**
 * Encoder and head learn together, batch norm on batch statistics.
 * @param size edge of the images
 */
export function networkLearner(
  encoder: Encoder,
  head: Head,
  size: number,
  normalise: InputScale,
): Learner<ImageSpecs> {
  const toStandard = pixelFunction(size, normalise);
  return {
    classes: head.classes,
    loss(params, stats, { images, labels }) {
      const maps = encoder.apply(params.encoder, stats, toStandard(images), true);
      const features = head.form.of(maps.y);
      return { loss: head.loss(params.head, features, labels), stats: maps.stats };
    },
    ids: (learned, { images }) =>
      tf.tidy(() => {
        const { y } = encoder.apply(learned.encoder, learned.stats, toStandard(images), false);
        return head.ids(learned.head, head.form.of(y));
      }),
  };
}
