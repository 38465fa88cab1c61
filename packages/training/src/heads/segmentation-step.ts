import {
  softmaxCrossEntropyPlanes,
  tf,
  under,
  within,
  type NamedTensors,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { type Encoder, type InputScale, type Network, resizeToPlanes } from '@noisy-pairs/models';
import { ignoreLabel } from '@noisy-pairs/pairs';
import { joinFeatures, type ImageCount } from '../encoders/joined-features.ts';
import { learner, type Learner } from './learner.ts';
import { pixelFunction } from '../views/normalise.ts';

/** What is trained, and the logits it gives in inference. */
export interface Segmenter extends Learner {
  /** Logits [B, h, w, classes] for a reader's inputs; the caller's. */
  logits(state: NamedTensors, inputs: NamedTensors): Tensor4D;
}

/**
 * Mean cross entropy over the pixels that count, at image resolution: logits are brought to the
 * mask's size by half-pixel bilinear interpolation first.
 * @param logits [B, h, w, classes]
 * @param labels [B * size * size] int32, 255 = ignored; a batch without a pixel that counts has the
 *   loss 0
 */
export function segmentationLoss(logits: Tensor4D, labels: Tensor1D, size: number): Scalar {
  return tf.tidy(() => {
    const classes = logits.shape[3];
    const counts = labels.notEqual(ignoreLabel);
    // [classes, pixels]
    const planes = resizeToPlanes(logits, size).reshape<Tensor2D>([classes, -1]);
    const losses = softmaxCrossEntropyPlanes(
      planes,
      tf.where(counts, labels, tf.zerosLike(labels)),
    );
    const weights = counts.cast('float32');
    return losses.mul(weights).sum().div<Scalar>(tf.maximum(weights.sum(), 1));
  });
}

/**
 * Only the head learns, on features given to it. State: `head/*`; inputs: `features` [B, h, w, C]
 * and `labels`.
 */
export function headSegmenter(head: Network, size: number): Segmenter {
  const logits = (params: NamedTensors, inputs: NamedTensors) =>
    head.apply(within('head', params), {}, inputs['features'] as Tensor4D, false).y as Tensor4D;
  return {
    ...learner(['head/'], (params, _state, inputs) => ({
      loss: segmentationLoss(logits(params, inputs), inputs['labels'] as Tensor1D, size),
      stats: {},
    })),
    logits,
  };
}

/**
 * Encoder and head learn together, batch norm on batch statistics. State: `encoder/*`, `stats/*`,
 * `head/*`; inputs: `images` [B * images, S, S, 3] in 0..255 and `labels`.
 */
export function networkSegmenter(
  encoder: Encoder,
  head: Network,
  size: number,
  normalise: InputScale,
  images: ImageCount = 1,
): Segmenter {
  const toStandard = pixelFunction(size, normalise);
  const forward = (
    params: NamedTensors,
    state: NamedTensors,
    inputs: NamedTensors,
    training: boolean,
  ) => {
    const { y, stats } = encoder.apply(
      within('encoder', params),
      within('stats', state),
      toStandard(inputs['images'] as Tensor4D),
      training,
    );
    return {
      logits: head.apply(within('head', params), {}, joinFeatures(y, images), training)
        .y as Tensor4D,
      stats,
    };
  };
  return {
    ...learner(['encoder/', 'head/'], (params, state, inputs) => {
      const { logits, stats } = forward(params, state, inputs, true);
      return {
        loss: segmentationLoss(logits, inputs['labels'] as Tensor1D, size),
        stats: under('stats', stats),
      };
    }),
    logits: (state, inputs) => tf.tidy(() => forward(state, state, inputs, false).logits),
  };
}
