import {
  softmaxCrossEntropyPlanes,
  tf,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import {
  resizeToPlanes,
  segmentationHead,
  type Encoder,
  type Placement,
} from '@noisy-pairs/models';
import { ignoreLabel, type LabelledSource } from '@noisy-pairs/pairs';
import { joinedChannels, joinedForm } from '../../encoders/feature-form.ts';
import { headOf, type Head } from '../head.ts';

/**
 * A head that gives every pixel of a source's masks a class: a 1x1 convolution of the feature maps
 * (of two images a mask: of both and how they differ), its logits [B, h, w, classes] brought to the
 * masks' size.
 */
export function segmenter(
  encoder: Encoder,
  { size, classes, images = 1 }: Pick<LabelledSource, 'size' | 'classes' | 'images'>,
): Head {
  const { placement } = encoder;
  return headOf({
    classes: classes.length,
    network: segmentationHead({
      inputs: joinedChannels(encoder.channels, images),
      classes: classes.length,
    }),
    form: joinedForm(encoder, size, images),
    loss: (logits, labels) => segmentationLoss(logits, labels, size, placement),
    ids: (logits) => tf.argMax(resizeToPlanes(logits, size, placement), 0), // [B, S, S]
  });
}

/**
 * Mean cross entropy over the pixels that count, at image resolution: logits are brought to the
 * mask's size by bilinear interpolation between the places of their features first.
 * @param logits [B, h, w, classes]
 * @param labels [B * size * size] int32; those that are `ignoreLabel` do not count; a batch without
 *   a pixel that counts has the loss 0
 * @param placement of the logits over the mask's pixels
 */
export function segmentationLoss(
  logits: Tensor4D,
  labels: Tensor1D,
  size: number,
  placement: Placement,
): Scalar {
  return tf.tidy(() => {
    const classes = logits.shape[3];
    const counts = labels.notEqual(ignoreLabel);
    // [classes, pixels]
    const planes = resizeToPlanes(logits, size, placement).reshape<Tensor2D>([classes, -1]);
    const losses = softmaxCrossEntropyPlanes(
      planes,
      tf.where(counts, labels, tf.zerosLike(labels)),
    );
    const weights = counts.cast('float32');
    return losses.mul(weights).sum().div<Scalar>(tf.maximum(weights.sum(), 1));
  });
}
