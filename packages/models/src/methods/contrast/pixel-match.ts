import { tf, type Tensor2D, type Tensor3D } from '@noisy-pairs/engine';

/** Pixels scaled to length 1. @param x [B, N, D] */
export function unitPixels(x: Tensor3D): Tensor3D {
  return x.mul<Tensor3D>(x.square().sum(2, true).add(1e-12).rsqrt());
}

/**
 * Cosines of all pixels of a with all of b.
 * @param a [B, N, D]
 * @param b [B, M, D] unit pixels
 * @returns [B, N, M]
 */
export function cosines(a: Tensor3D, b: Tensor3D): Tensor3D {
  return tf.matMul(a, b, false, true);
}

/**
 * Centres of a feature map's pixels in the frame of the image, and what their distances are
 * measured by: a pixel's diagonal.
 * @param frame [B, 6] of the map, see featureFrames
 * @returns x, y [B, N], row by row, diagonal [B, 1]
 */
function places(frame: Tensor2D, edge: number): { x: Tensor2D; y: Tensor2D; diagonal: Tensor2D } {
  const u = centres(edge, (i) => i % edge);
  const v = centres(edge, (i) => Math.floor(i / edge));
  const [a, b, c, d, e, f] = tf.split(frame, 6, 1) as Columns;
  return {
    x: a.mul(u).add(b.mul(v)).add(c),
    y: d.mul(u).add(e.mul(v)).add(f),
    diagonal: a.square().add(b.square()).add(d.square()).add(e.square()).sqrt().div(edge),
  };
}

type Columns = [Tensor2D, Tensor2D, Tensor2D, Tensor2D, Tensor2D, Tensor2D];

/** Where pixels lie along one axis of their map, 0..1. @param step which one it is, 0..edge - 1 */
function centres(edge: number, step: (i: number) => number): Tensor2D {
  const count = edge * edge;
  const values = Float32Array.from({ length: count }, (_, i) => (step(i) + 0.5) / edge);
  return tf.tensor2d(values, [1, count]);
}

/**
 * Distances of the feature pixels of two views, in units of the longer of their two diagonals
 * (PixPro, section 3.1; PixPro.py `regression_loss`).
 * @param query, key frames [B, 6] of the views' maps, see featureFrames
 * @param edge pixels along an edge of the feature map
 * @returns [B, N, N] with N = edge^2: query's pixels by key's
 */
export function pixelDistances(query: Tensor2D, key: Tensor2D, edge: number): Tensor3D {
  const q = places(query, edge);
  const k = places(key, edge);
  const apart = (a: Tensor2D, b: Tensor2D) => a.expandDims(2).sub(b.expandDims(1)); // [B, N, N]
  const longer = tf.maximum(q.diagonal, k.diagonal).expandDims(2); // [B, 1, 1]
  return apart(q.x, k.x).square().add(apart(q.y, k.y).square()).sqrt().div(longer);
}

/**
 * 1 where two feature pixels show the same place: their distance is below the threshold. See
 * pixelDistances.
 */
export function samePlace(
  query: Tensor2D,
  key: Tensor2D,
  edge: number,
  threshold: number,
): Tensor3D {
  return pixelDistances(query, key, edge).less(threshold).cast('float32');
}
