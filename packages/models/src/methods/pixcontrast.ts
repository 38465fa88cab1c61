import { tf, type Scalar, type Tensor2D, type Tensor3D } from '@noisy-pairs/engine';
import type { Encoder } from '../networks/network.ts';
import type { DenseConfig } from './contrast/dense-config.ts';
import { cosines } from './contrast/pixel-match.ts';
import { placedPixels } from './contrast/placed-pixels.ts';
import { requireTemperature } from './contrast/temperature.ts';
import type { Method } from './method.ts';

/** Far above any logit. */
const FAR = 1e30;

/**
 * Each pixel's -log of the share that those of the same place have in the other view (Xie et al.
 * 2021, equation 2).
 * @param q, k [B, N, D] unit pixels
 * @param same [B, N, N] 0 or 1
 * @param T temperature
 * @returns [B, N]; 0 for a pixel that the other view does not show
 */
export function pixContrastLosses(q: Tensor3D, k: Tensor3D, same: Tensor3D, T: number): Tensor2D {
  const logits = cosines(q, k).div<Tensor3D>(T);
  const positives = logits.add<Tensor3D>(same.sub(1).mul(FAR)); // e^-FAR is 0
  const shares = tf.logSumExp(logits, 2).sub(tf.logSumExp(positives, 2));
  return shares.mul<Tensor2D>(same.max(2));
}

/**
 * Mean over the pixels that the other view shows too, of each image, and the mean of these. See
 * pixContrastLosses.
 */
export function pixContrastLoss(q: Tensor3D, k: Tensor3D, same: Tensor3D, T: number): Scalar {
  const shown = same.max(2).sum(1);
  return pixContrastLosses(q, k, same, T).sum(1).div(tf.maximum(shown, 1)).mean<Scalar>();
}

/**
 * PixContrast (Xie et al. 2021, section 3.1): pixels of the same place attract, all other pixels of
 * the other view repel. There is no official code; the formula is the paper's, the frame PixPro's.
 * `temperature` is of the pixels; the paper's is 0.3.
 */
export function pixContrast(encoder: Encoder, config: DenseConfig): Method {
  const { temperature: T } = config;
  requireTemperature('pixcontrast', T);
  return placedPixels(encoder, config, {
    name: 'pixcontrast',
    symmetric: 'mean',
    loss: (q, k, same) => pixContrastLoss(q, k, same, T),
  });
}
