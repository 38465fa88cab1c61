import {
  tf,
  under,
  valueAndGradients,
  within,
  type NamedTensors,
  type Scalar,
  type StepFunction,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { pixelFunction } from '../views/normalise.ts';
import type { Head } from './head.ts';

/** A state that `fit` trains: how it steps, and what it predicts. */
export interface Learner {
  /** How many class ids it tells apart. */
  readonly classes: number;
  /** Names of the state's entries that the optimizer updates. */
  trainable(state: NamedTensors): string[];
  /** Gradients and the optimizer's step. Output: `loss`. */
  step(optimizer: Optimizer): StepFunction;
  /** Class ids for a reader's inputs, as many as labels and in their order; the caller's. */
  ids(state: NamedTensors, inputs: NamedTensors): Tensor;
}

/**
 * The head learns alone, on features that are given to it. State: `head/*`; inputs: `features` and
 * `labels`.
 */
export function headLearner(head: Head): Learner {
  const logits = (params: NamedTensors, inputs: NamedTensors) =>
    head.network.apply(within('head', params), {}, inputs['features'] as Tensor, false).y;
  return {
    classes: head.classes,
    ...learning(['head/'], (params, _state, inputs) => ({
      loss: head.loss(logits(params, inputs), inputs['labels'] as Tensor1D),
      stats: {},
    })),
    ids: (state, inputs) => tf.tidy(() => head.ids(logits(state, inputs))),
  };
}

/**
 * Encoder and head learn together, batch norm on batch statistics. State: `encoder/*`, `stats/*`,
 * `head/*`; inputs: `images` of that size, in 0..255, and `labels`.
 */
export function networkLearner(
  encoder: Encoder,
  head: Head,
  size: number,
  normalise: InputScale,
): Learner {
  const toStandard = pixelFunction(size, normalise);
  const forward = (
    params: NamedTensors,
    state: NamedTensors,
    inputs: NamedTensors,
    training: boolean,
  ) => {
    const { y: maps, stats } = encoder.apply(
      within('encoder', params),
      within('stats', state),
      toStandard(inputs['images'] as Tensor4D),
      training,
    );
    const seen = head.form.of(maps);
    return { logits: head.network.apply(within('head', params), {}, seen, training).y, stats };
  };
  return {
    classes: head.classes,
    ...learning(['encoder/', 'head/'], (params, state, inputs) => {
      const { logits, stats } = forward(params, state, inputs, true);
      return {
        loss: head.loss(logits, inputs['labels'] as Tensor1D),
        stats: under('stats', stats),
      };
    }),
    ids: (state, inputs) => tf.tidy(() => head.ids(forward(state, state, inputs, false).logits)),
  };
}

/**
 * Learns the state's entries under some prefixes.
 * @param forward borrows its arguments: `params` are the entries that gradients are for, `stats`
 *   what it returns for other entries of the state
 */
function learning(
  prefixes: readonly string[],
  forward: (
    params: NamedTensors,
    state: NamedTensors,
    inputs: NamedTensors,
  ) => { loss: Scalar; stats: NamedTensors },
): Pick<Learner, 'trainable' | 'step'> {
  const learns = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
  return {
    trainable: (state) => Object.keys(state).filter(learns),
    step: (optimizer) => (state, inputs) =>
      tf.tidy(() => {
        const params = Object.fromEntries(Object.entries(state).filter(([name]) => learns(name)));
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
