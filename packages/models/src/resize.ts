import { tf, type Tensor2D, type Tensor3D, type Tensor4D } from '@noisy-pairs/engine';

/** Row i holds the weights with which output i takes its inputs: centres at (i + 0.5) * from / to - 0.5, clamped to the edge. */
function interpolation(from: number, to: number): Tensor2D {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(centre), high = Math.min(low + 1, from - 1);
    weights[i * from + low] = (weights[i * from + low] ?? 0) + 1 - (centre - low);
    weights[i * from + high] = (weights[i * from + high] ?? 0) + centre - low;
  }
  return tf.tensor2d(weights, [to, from]);
}

/**
 * Half-pixel bilinear resize to size x size (torch's align_corners=False), as one matrix product an axis, so that its gradient is exact too.
 * @param x [B, h, w, C] @returns [B, size, size, C]
 */
export function resizeTo(x: Tensor4D, size: number): Tensor4D {
  return tf.tidy(() => {
    const [b, h, w, c] = x.shape;
    if (h === size && w === size) return x.clone();
    const rows = tf.matMul(interpolation(h, size).expandDims<Tensor3D>(0).tile([b, 1, 1]), x.reshape<Tensor3D>([b, h, w * c])); // [B, size, w*C]
    const columns = rows.reshape<Tensor4D>([b, size, w, c]).transpose<Tensor4D>([0, 2, 1, 3]).reshape<Tensor3D>([b, w, size * c]);
    const wide = tf.matMul(interpolation(w, size).expandDims<Tensor3D>(0).tile([b, 1, 1]), columns); // [B, size (x), size (y) * C]
    return wide.reshape<Tensor4D>([b, size, size, c]).transpose<Tensor4D>([0, 2, 1, 3]);
  });
}
