import {
  disposeAll,
  openProgram,
  under,
  type NamedTensors,
  type Precision,
} from '@noisy-pairs/engine';
import type { ConfusionMatrix } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import { type Encoder, type InputScale, segmentationHead } from '@noisy-pairs/models';
import { openSource, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { requireLike } from '../pretraining/checkpoint.ts';
import { encoderPart, type EncoderWeights } from '../encoders/encoder-weights.ts';
import { openFrozenEncoder } from '../encoders/frozen-encoder.ts';
import { joinedChannels } from '../encoders/joined-features.ts';
import { imageReader } from '../readers/labelled.ts';
import { predict } from './predict.ts';
import { headSegmenter, networkSegmenter } from './segmentation-step.ts';

export interface ApplySegmentationOptions {
  readonly encoder: Encoder;
  /** Borrowed: those of a frozen encoder. Left out where the encoder was trained along. */
  readonly weights?: EncoderWeights;
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
   * Called with the masks (255 = ignored) and the predicted class ids of each batch, [B * S * S],
   * in the source's order.
   */
  readonly onPredicted?: (truth: Uint8Array, prediction: Uint8Array) => void | Promise<void>;
}

/**
 * Predicts images by what trainSegmentation has learned, at full resolution, a batch in memory at a
 * time.
 * @returns what was right, over all images
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
  const { size, classes, images = 1 } = source;
  const head = segmentationHead({
    inputs: joinedChannels(encoder.channels, images),
    classes: classes.length,
  });
  const frozen = weights !== undefined;
  const fresh = encoder.init(Random.from(0)),
    headLike = under('head', head.init(Random.from(0)).params);
  const running = { eager, precision };
  try {
    requireLike(
      trained,
      frozen
        ? headLike
        : { ...under('encoder', fresh.params), ...under('stats', fresh.stats), ...headLike },
    );
    const frozenEncoder = weights
      ? await openFrozenEncoder(encoder, encoderPart(weights, fresh), normalise, running)
      : undefined;
    const program = await openProgram(trained, running);
    try {
      const segmenter = frozen
        ? headSegmenter(head, size)
        : networkSegmenter(encoder, head, size, normalise, images);
      const reader = frozenEncoder
        ? frozenEncoder.features(imageReader(source))
        : imageReader(source);
      return (
        await predict(
          segmenter,
          program,
          reader,
          Array.from({ length: source.length }, (_, i) => i),
          0,
          onPredicted,
        )
      ).matrix;
    } finally {
      program.close();
      frozenEncoder?.close();
    }
  } finally {
    for (const owned of [fresh.params, fresh.stats, headLike]) disposeAll(owned);
  }
}
