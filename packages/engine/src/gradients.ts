import { tf, type Scalar, type Tensor } from './tensorflow.ts';
import { disposeAll, flattenTree, unflattenTree, type TensorTree } from './tree/tree.ts';

/**
 * A loss, what else its computation yields, and the loss's gradients. `f` runs inside a memory
 * scope; the results are the caller's.
 * @param f borrows the parameters and returns the loss (a scalar) and auxiliary tensors, which
 *   carry no gradient
 * @param params a tree of float32 tensors
 * @returns gradients in a tree like that of the parameters
 * @throws if the loss is no scalar or does not depend on a parameter, which is named.
 */
export function valueAndGradients<Params extends TensorTree, Aux extends TensorTree>(
  f: (params: Params) => { loss: Scalar; aux: Aux },
  params: Params,
): { loss: Scalar; aux: Aux; gradients: Params } {
  return tf.tidy<{ loss: Scalar; aux: Aux; gradients: Params }>(() => {
    const flat = flattenTree(params);
    let aux = {} as Aux;
    const kept: Record<string, Tensor> = {};
    try {
      const { value, grads } = tf.engine().gradients<Scalar>(
        () => {
          const result = f(params);
          requireScalar(result.loss);
          aux = result.aux;
          // The gradient scope frees all but the loss on its way out.
          for (const [name, tensor] of Object.entries(flattenTree(aux)))
            kept[name] = tf.keep(tensor.clone());
          return result.loss;
        },
        Object.values(flat),
        undefined,
        true,
      );
      return {
        loss: value,
        aux: unflattenTree(clones(kept), aux),
        gradients: unflattenTree(namedGradients(Object.keys(flat), grads), params),
      };
    } finally {
      disposeAll(kept);
    }
  });
}

function requireScalar(loss: Tensor): void {
  if (loss.rank !== 0)
    throw new Error(
      `valueAndGradients: expected a scalar loss, got shape [${loss.shape.join(', ')}]`,
    );
}

function clones(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()]),
  );
}

function namedGradients(
  names: readonly string[],
  gradients: readonly (Tensor | undefined)[],
): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name, i) => {
      const gradient = gradients[i];
      if (gradient) return [name, gradient];
      throw new Error(
        `valueAndGradients: expected the loss to depend on every parameter, got none on '${name}'`,
      );
    }),
  );
}
