import { tf, type Tensor, type Tensor2D, type Tensor3D } from '@noisy-pairs/engine';

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
 * Centres of a grid's cells in the frame of the image, and half of what decides their distance: the
 * diagonal of a cell.
 * @param frame [B, 6], see viewFrames
 * @returns x, y [B, N], diagonal [B, 1]
 */
function cells(frame: Tensor2D, edge: number): { x: Tensor2D; y: Tensor2D; diagonal: Tensor2D } {
  const count = edge * edge;
  // Row by row, as a feature map is flattened.
  const u = tf.tensor2d(
    Float32Array.from({ length: count }, (_, i) => ((i % edge) + 0.5) / edge),
    [1, count],
  );
  const v = tf.tensor2d(
    Float32Array.from({ length: count }, (_, i) => (Math.floor(i / edge) + 0.5) / edge),
    [1, count],
  );
  const [a, b, c, d, e, f] = tf.split(frame, 6, 1) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  return {
    x: a.mul(u).add(b.mul(v)).add<Tensor2D>(c),
    y: d.mul(u).add(e.mul(v)).add<Tensor2D>(f),
    diagonal: a.square().add(b.square()).add(d.square()).add(e.square()).sqrt().div<Tensor2D>(edge),
  };
}

/**
 * Distances of the cells of two views, in units of the longer of their two diagonals (PixPro,
 * section 3.1; PixPro.py `regression_loss`).
 * @param query, key frames [B, 6] of the views
 * @param edge cells along an edge of the feature map
 * @returns [B, N, N] with N = edge^2: query's cells by key's
 */
export function cellDistances(query: Tensor2D, key: Tensor2D, edge: number): Tensor3D {
  const [q, k] = [cells(query, edge), cells(key, edge)];
  const apart = (a: Tensor2D, b: Tensor2D) => a.expandDims(2).sub(b.expandDims(1)); // [B, N, N]
  const longer = tf.maximum(q.diagonal, k.diagonal).expandDims(2); // [B, 1, 1]
  return apart(q.x, k.x).square().add(apart(q.y, k.y).square()).sqrt().div<Tensor3D>(longer);
}

/**
 * 1 where two cells show the same place: their distance is below the threshold. See cellDistances.
 */
export function samePlace(
  query: Tensor2D,
  key: Tensor2D,
  edge: number,
  threshold: number,
): Tensor3D {
  return cellDistances(query, key, edge).less(threshold).cast<Tensor3D>('float32');
}
