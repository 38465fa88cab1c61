import {
  disposeAll,
  openProgram,
  requireLike,
  flattenTree,
  within,
  type NamedTensors,
  type Precision,
  type Shapes,
} from '@noisy-pairs/engine';
import type { ConfusionMatrix } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import { openSource, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { shaped } from '../../encoders/encoder-weights.ts';
import { featureReader } from '../../encoders/feature-reader.ts';
import { openFrozenEncoder } from '../../encoders/frozen-encoder.ts';
import { all } from '../../readers/batch-reader.ts';
import { labelledReader } from '../../readers/labelled-images.ts';
import type { Head } from '../head.ts';
import { headLearner, networkLearner, type Learned } from '../learning/learner.ts';
import { close, owning } from '../owning.ts';
import { countPredictions, type OnPredicted } from '../learning/predictions.ts';
import { segmenter } from './segmenter.ts';

export interface ApplySegmentationOptions {
  readonly encoder: Encoder;
  /** Borrowed: those of a frozen encoder. Left out where the encoder was trained along. */
  readonly weights?: NetworkState;
  /** Borrowed: what trainSegmentation left in segmentation.safetensors. */
  readonly trained: NamedTensors;
  /** A LabelledSource of the classes that were trained on; its images may be of another size. */
  readonly source: SourceSpec;
  readonly normalise: InputScale;
  /** Runs op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
  /**
   * Called with the masks and the predicted class ids of each batch, [B * S * S], in the source's
   * order.
   */
  readonly onPredicted?: OnPredicted;
}

/**
 * Predicts images by what trainSegmentation has learned, at full resolution, a batch in memory at a
 * time.
 * @returns pixels of all images by true and predicted class
 * @throws if weights are not the model's
 */
export async function applySegmentation({
  encoder,
  weights,
  trained,
  source: spec,
  normalise,
  eager = false,
  precision = 'float32',
  onPredicted,
}: ApplySegmentationOptions): Promise<ConfusionMatrix> {
  const source = await openSource<LabelledSource>(spec);
  const { size, length } = source;
  const head = segmenter(encoder, source);
  const images = labelledReader(source);
  const running = { eager, precision };
  const learned = learnedOf(trained, head, weights ? undefined : encoder);
  return owning(async (own) => {
    const program = own(await openProgram({ learned }, running), close);
    const predicting = { program, indices: all(length), onPredicted };
    if (!weights) {
      const learner = networkLearner(encoder, head, size, normalise);
      return countPredictions({ ...predicting, learner, reader: images });
    }
    const frozen = own(await openFrozenEncoder(encoder, weights, normalise, running), close);
    const reader = featureReader(frozen, images, size, head.form);
    return countPredictions({ ...predicting, learner: headLearner(head), reader });
  });
}

/**
 * A file's tensors, borrowed, as a learner has them.
 * @param encoder that was trained along
 * @throws if they are not the head's, or the encoder's and the head's
 */
function learnedOf(trained: NamedTensors, head: Head, encoder?: Encoder): Learned {
  const fresh = head.init(Random.from(0));
  try {
    const { params, stats } = encoder?.shapes ?? { params: {}, stats: {} };
    const expected = { encoder: shaped(params), stats: shaped(stats), head: fresh };
    requireLike(trained, flattenTree<Shapes[string]>(expected));
  } finally {
    disposeAll(fresh);
  }
  return {
    encoder: within('encoder', trained),
    stats: within('stats', trained),
    head: within('head', trained),
  };
}
