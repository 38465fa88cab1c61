import { constant, tf, type Tensor1D, type Tensor4D } from '@noisy-pairs/engine';

/**
 * Below this many pixels all neighbours weigh 0 in float32, so that sigma 0 is the identity without
 * a division by zero.
 */
const smallestSigma = 1e-3;

/**
 * A Gaussian blur with a sigma a view: the truncated, normalised kernel of torchvision's
 * GaussianBlur, borders reflected without repeating the outermost pixel. Each axis is one batched
 * product with a [size, size] matrix a view.
 * @param size edge of the views in pixels
 * @param maximum the largest sigma that can come; the kernel reaches 3 sigma of it to either side
 * @returns a function of views [B, size, size, 3] and sigma [B] in pixels, 0 = untouched
 * @throws if the kernel is wider than a reflected border allows
 */
export function blurFunction(
  size: number,
  maximum: number,
): (x: Tensor4D, sigma: Tensor1D) => Tensor4D {
  const radius = Math.ceil(3 * maximum);
  if (radius >= size)
    throw new Error(
      `blur: expected a sigma of less than ${(size - 1) / 3} pixels for views of ${size}, got ` +
        `${maximum}`,
    );
  const neighbours = neighbourMatrices(size, radius);
  const squares = Float32Array.from({ length: radius + 1 }, (_, d) => d * d);
  // how often distance d occurs in the kernel
  const occurrences = Float32Array.from({ length: radius + 1 }, (_, d) => (d === 0 ? 1 : 2));

  return (x, sigma) =>
    tf.tidy(() => {
      const [count] = x.shape;
      const spread = tf.maximum(sigma, smallestSigma).square().mul(-2).reshape([count, 1]);
      const weights = tf.exp(tf.tensor2d(squares, [1, radius + 1]).div(spread)); // [B, radius + 1]
      const kernel = weights.div(
        weights.mul(tf.tensor2d(occurrences, [1, radius + 1])).sum(1, true),
      );
      const matrices = tf
        .matMul(
          kernel,
          constant(() => tf.tensor2d(neighbours, [radius + 1, size * size])),
        )
        .reshape([count, size, size]);
      const blurRows = (y: Tensor4D) =>
        tf.matMul(matrices, y.reshape([count, size, size * 3])).reshape<Tensor4D>(x.shape);
      return blurRows(blurRows(x).transpose([0, 2, 1, 3])).transpose([0, 2, 1, 3]);
    });
}

/**
 * [radius + 1, size, size]: how often row j is a neighbour of row i at distance d, reflections
 * counted.
 */
function neighbourMatrices(size: number, radius: number): Float32Array {
  const matrices = new Float32Array((radius + 1) * size * size);
  const reflect = (j: number) => (j < 0 ? -j : j >= size ? 2 * (size - 1) - j : j);
  for (let d = 0; d <= radius; d++) {
    for (let i = 0; i < size; i++) {
      for (const j of d === 0 ? [i] : [i - d, i + d]) {
        const at = (d * size + i) * size + reflect(j);
        matrices[at] = (matrices[at] ?? 0) + 1;
      }
    }
  }
  return matrices;
}
