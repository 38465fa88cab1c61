import { tf, type Scalar, type Tensor2D, type Tensor3D } from '@noisy-pairs/engine';
import type { Encoder } from '../networks/network.ts';
import type { DenseConfig } from './contrast/dense-config.ts';
import { cosines } from './contrast/pixel-match.ts';
import { placedPixels } from './contrast/placed-pixels.ts';
import type { Method } from './method.ts';

/**
 * Each pixel's -log of the share that those of the same place have in the other view (Xie et al.
 * 2021, equation 2).
 * @param q, k [B, N, D] unit pixels
 * @param same [B, N, N] 0 or 1
 * @param T temperature
 * @returns [B, N]; 0 for a pixel that the other view does not show
 */
export function pixContrastLosses(q: Tensor3D, k: Tensor3D, same: Tensor3D, T: number): Tensor2D {
  const weights = cosines(q, k).div(T).exp(); // at most e^(1/T)
  const positive = weights.mul(same).sum(2);
  const all = weights.sum(2);
  const has = same.max(2);
  return all
    .log()
    .sub(positive.add(tf.sub(1, has)).log())
    .mul<Tensor2D>(has);
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
  if (!(T > 0)) throw new Error(`pixcontrast temperature: expected a number above 0, got ${T}`);
  return placedPixels(encoder, config, {
    name: 'pixcontrast',
    symmetric: 'mean',
    loss: (q, k, same) => pixContrastLoss(q, k, same, T),
  });
}
