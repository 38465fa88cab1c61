import {
  tf,
  valueAndGradients,
  type NamedTensors,
  type Scalar,
  type StepFunction,
  type Tensor,
} from '@noisy-pairs/engine';
import type { Optimizer } from '../optimizers/optimizer.ts';

/** What `fit` trains: a state, and how it steps. */
export interface Learner {
  /** Names of the state's entries that the optimizer updates. */
  trainable(state: NamedTensors): string[];
  /** Gradients and the optimizer's step. Output: `loss`. */
  step(optimizer: Optimizer): StepFunction;
}

/**
 * Learns the state's entries under some prefixes.
 * @param forward borrows its arguments: `params` are the entries that gradients are for, `stats`
 *   what it returns for other entries of the state
 */
export function learner(
  prefixes: readonly string[],
  forward: (
    params: NamedTensors,
    state: NamedTensors,
    inputs: NamedTensors,
  ) => { loss: Scalar; stats: NamedTensors },
): Learner {
  const learns = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
  return {
    trainable: (state) => Object.keys(state).filter(learns),
    step: (optimizer) => (state, inputs) =>
      tf.tidy(() => {
        const params: Record<string, Tensor> = {};
        for (const [name, tensor] of Object.entries(state)) if (learns(name)) params[name] = tensor;
        const { loss, aux, gradients } = valueAndGradients((p) => {
          const result = forward(p, state, inputs);
          return { loss: result.loss, aux: result.stats };
        }, params);
        return {
          state: { ...aux, ...optimizer.apply(state, gradients, inputs) },
          outputs: { loss },
        };
      }),
  };
}
