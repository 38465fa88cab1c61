import { tf, type Scalar, type Tensor } from './tensorflow.ts';

/** Tensors by name. Who holds the record owns the tensors, unless a function says that it borrows them. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/**
 * A loss, what else its computation yields, and the loss's gradients. `f` runs inside a memory scope; the results are the caller's.
 * @param f borrows the parameters and returns the loss (a scalar) and auxiliary tensors, which carry no gradient
 * @param params float32 tensors by name
 * @throws if the loss does not depend on a parameter.
 */
export function valueAndGradients(
  f: (params: NamedTensors) => { loss: Scalar; aux: NamedTensors },
  params: NamedTensors,
): { loss: Scalar; aux: NamedTensors; gradients: NamedTensors } {
  const names = Object.keys(params);
  return tf.tidy(() => {
    const kept: Record<string, Tensor> = {};
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
      const { loss, aux } = f(Object.fromEntries(names.map((name, i) => [name, tensors[i] as Tensor])));
      // The gradient scope frees all but the loss on its way out.
      for (const [name, tensor] of Object.entries(aux)) kept[name] = tf.keep(tensor.clone());
      return loss;
    })(Object.values(params));
    const aux = Object.fromEntries(Object.entries(kept).map(([name, tensor]) => {
      const own = tensor.clone();
      tensor.dispose();
      return [name, own];
    }));
    return { loss: value, aux, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i] as Tensor])) };
  });
}

/** Frees every tensor of the record. */
export function disposeAll(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
