import { tf, type Tensor2D, type Tensor3D, type Tensor4D } from '@noisy-pairs/engine';
import type { Placement } from './network.ts';

/**
 * Row i holds the weights with which output i takes its inputs: from (i + 0.5 + offset) / stride -
 * 0.5, clamped to the edge.
 */
function interpolation(from: number, to: number, { stride, offset }: Placement): Tensor2D {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = (i + 0.5 + offset) / stride - 0.5;
    const centre = Math.min(Math.max(place, 0), from - 1);
    const low = Math.floor(centre);
    const high = Math.min(low + 1, from - 1);
    weights[i * from + low] = (weights[i * from + low] ?? 0) + 1 - (centre - low);
    weights[i * from + high] = (weights[i * from + high] ?? 0) + centre - low;
  }
  return tf.tensor2d(weights, [to, from]);
}

/**
 * Bilinear resize to size x size, as one matrix product an axis, so that its gradient is exact too.
 * Features lie where `placement` says; with an offset of 0, in the middle of their blocks: torch's
 * align_corners=False. Channels come first in the result: few of them innermost would make every op
 * on large maps slow.
 * @param x [B, h, w, C]
 * @returns [C, B, size, size]
 */
export function resizeToPlanes(x: Tensor4D, size: number, placement: Placement): Tensor4D {
  return tf.tidy(() => {
    const [b, h, w, c] = x.shape;
    // the small one is transposed
    const columns = x.transpose<Tensor4D>([3, 0, 2, 1]).reshape<Tensor2D>([c * b * w, h]);
    const rows = tf
      .matMul(columns, interpolation(h, size, placement), false, true)
      .reshape<Tensor3D>([c * b, w, size])
      .transpose<Tensor3D>([0, 2, 1])
      .reshape<Tensor2D>([c * b * size, w]);
    return tf
      .matMul(rows, interpolation(w, size, placement), false, true)
      .reshape<Tensor4D>([c, b, size, size]);
  });
}
