import { tf } from '@noisy-pairs/engine';
import type { Products } from '@noisy-pairs/evaluation';

/** Dot products by TensorFlow, for weightedKnn. */
export const tensorProducts: Products = (a, b, dimensions) => {
  const rows = (values: Float32Array) =>
    tf.tensor2d(values, [values.length / dimensions, dimensions]);
  const products = tf.tidy(() => tf.matMul(rows(a), rows(b), false, true));
  try {
    // not within tidy(), which would look for tensors in every value that it returns
    return products.dataSync<'float32'>();
  } finally {
    products.dispose();
  }
};
