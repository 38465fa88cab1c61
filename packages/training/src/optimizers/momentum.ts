import {
  flattenTree,
  momentumUpdate,
  tf,
  unflattenTree,
  type Scalar,
  type Tensor,
  type TensorTree,
} from '@noisy-pairs/engine';

/** Parameters and their velocities: both of one shape. */
export type Moving<T extends TensorTree> = { readonly params: T; readonly velocity: T };

/**
 * One step of gradient descent with momentum: v <- momentum v + pull; w <- w - learningRate v.
 * Pure: parameters, velocity and gradients are borrowed, results are the caller's. Velocity starts
 * at zero.
 * @param name of the optimiser, for messages
 * @param pull what a parameter is drawn by, of its shape, given the parameter and its gradient
 * @throws if a parameter has no gradient or no velocity
 */
export function descend<T extends TensorTree>(
  name: string,
  { params, velocity }: Moving<T>,
  gradients: T,
  { learningRate, momentum }: { readonly learningRate: Scalar; readonly momentum: Scalar },
  pull: (w: Tensor, gradient: Tensor) => Tensor,
): Moving<T> {
  return tf.tidy(() => {
    const velocities = flattenTree(velocity);
    const slopes = flattenTree(gradients);
    const moved: Record<string, Tensor> = {};
    const remembered: Record<string, Tensor> = {};
    for (const [path, w] of Object.entries(flattenTree(params))) {
      const gradient = slopes[path];
      const v = velocities[path];
      if (!gradient || !v)
        throw new Error(
          `${name}: expected a gradient and a velocity for ${path}, got no ` +
            (gradient ? 'velocity' : 'gradient'),
        );
      const next = momentumUpdate(w, v, pull(w, gradient), learningRate, momentum);
      remembered[path] = next.v;
      moved[path] = next.w;
    }
    return { params: unflattenTree(moved, params), velocity: unflattenTree(remembered, params) };
  });
}
