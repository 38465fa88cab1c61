import {
  entry1d,
  entry2d,
  linear,
  relu,
  tf,
  type Scalar,
  type Tensor2D,
  type Tensor3D,
} from '@noisy-pairs/engine';
import { uniformFanIn } from '../networks/initialise.ts';
import type { Encoder } from '../networks/network.ts';
import type { DenseConfig } from './contrast/dense-config.ts';
import { cosines, unitPixels } from './contrast/pixel-match.ts';
import { placedPixels } from './contrast/placed-pixels.ts';
import type { Method } from './method.ts';

/**
 * Pixel propagation (Xie et al. 2021, equations 4 and 5): each pixel becomes the sum of all
 * transformed ones, weighted by how like they are to it.
 * @param x [B, N, D]
 * @param transform of unit pixels' values, [B * N, D] -> [B * N, D]; its result is normalised
 *   (PixPro.py)
 * @returns [B, N, D], not normalised
 */
export function propagatePixels(x: Tensor3D, transform: (rows: Tensor2D) => Tensor2D): Tensor3D {
  const [b, n, d] = x.shape;
  const unit = unitPixels(x);
  const likeness = relu(cosines(unit, unit)).square(); // gamma = 2
  return tf.matMul(
    likeness,
    unitPixels(transform(x.reshape<Tensor2D>([b * n, d])).reshape<Tensor3D>([b, n, d])),
  );
}

/**
 * Minus twice the mean cosine of pixels that show the same place, of each image, and the mean of
 * these (PixPro.py `regression_loss`). An image whose views do not overlap gives 0.
 * @param y, k [B, N, D] unit pixels
 * @param same [B, N, N] 0 or 1
 */
export function pixProLoss(y: Tensor3D, k: Tensor3D, same: Tensor3D): Scalar {
  const agreement = cosines(y, k).mul(same).sum([1, 2]);
  const count = same.sum([1, 2]);
  return agreement.div(count.add(1e-6)).mean().mul<Scalar>(-2);
}

/**
 * PixPro (Xie et al. 2021), as zdaxie/PixPro `PixPro.py`: pixels of one view, propagated, agree
 * with those of the same place in the other. No negatives: constant features are its optimum (-4),
 * which the loss cannot tell; watch `featureStd`.
 */
export function pixPro(encoder: Encoder, config: DenseConfig): Method {
  const { dimensions: D } = config;
  return placedPixels(encoder, config, {
    name: 'pixpro',
    symmetric: 'sum',
    predictor: {
      init: (random) => ({
        params: {
          'predictor.weight': uniformFanIn(random.split('predictor.weight'), [D, D], D),
          'predictor.bias': uniformFanIn(random.split('predictor.bias'), [D], D),
        },
        stats: {},
      }),
      apply: (params, x) =>
        propagatePixels(x, (rows) =>
          linear(rows, entry2d(params, 'predictor.weight')).add<Tensor2D>(
            entry1d(params, 'predictor.bias'),
          ),
        ),
    },
    loss: pixProLoss,
  });
}
