import { tf, type Scalar, type Tensor } from './tensorflow.ts';

/**
 * Tensors by name. Who holds the record owns the tensors, unless a function says that it borrows
 * them.
 */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/**
 * A loss, what else its computation yields, and the loss's gradients. `f` runs inside a memory
 * scope; the results are the caller's.
 * @param f borrows the parameters and returns the loss (a scalar) and auxiliary tensors, which
 *   carry no gradient
 * @param params float32 tensors by name
 * @throws if the loss is no scalar or does not depend on a parameter, which is named.
 */
export function valueAndGradients(
  f: (params: NamedTensors) => { loss: Scalar; aux: NamedTensors },
  params: NamedTensors,
): { loss: Scalar; aux: NamedTensors; gradients: NamedTensors } {
  return tf.tidy(() => {
    const kept: Record<string, Tensor> = {};
    try {
      const { value, grads } = tf.engine().gradients<Scalar>(
        () => {
          const { loss, aux } = f(params);
          if (loss.rank !== 0)
            throw new Error(
              `valueAndGradients: expected a scalar loss, got shape [${loss.shape.join(', ')}]`,
            );
          // The gradient scope frees all but the loss on its way out.
          for (const [name, tensor] of Object.entries(aux)) kept[name] = tf.keep(tensor.clone());
          return loss;
        },
        Object.values(params),
        undefined,
        true,
      );
      const gradients = Object.fromEntries(
        Object.keys(params).map((name, i) => {
          const gradient = grads[i];
          if (gradient === undefined)
            throw new Error(
              'valueAndGradients: expected the loss to depend on every parameter, got none on ' +
                `'${name}'`,
            );
          return [name, gradient];
        }),
      );
      return {
        loss: value,
        aux: Object.fromEntries(
          Object.entries(kept).map(([name, tensor]) => [name, tensor.clone()]),
        ),
        gradients,
      };
    } finally {
      disposeAll(kept);
    }
  });
}

/** Frees every tensor of the record. */
export function disposeAll(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
