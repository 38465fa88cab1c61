import {
  flattenTree,
  tf,
  unflattenTree,
  valueAndGradients,
  type NamedTensors,
  type Scalar,
  type StepFunction,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import type { Learned, LearnedParams, Learner } from './learner.ts';

/** State of a program that trains: the tensors that learn, and the optimizer's about them. */
export type FitState = Readonly<{ learned: Learned; kept: NamedTensors }>;

/** Inputs of a step: a batch, and the optimizer's rates. */
interface StepInputs<Specs> {
  readonly batch: TensorsOf<Specs>;
  readonly rates: NamedTensors;
}

/** Loss, gradients and the optimizer's step. */
export function headStep<Specs>(
  learner: Learner<Specs>,
  optimizer: Optimizer,
): StepFunction<FitState, StepInputs<Specs>, { loss: Scalar }> {
  return ({ learned, kept }, { batch, rates }) =>
    tf.tidy(() => {
      const { encoder, head } = learned;
      const { loss, aux, gradients } = valueAndGradients(
        (params: LearnedParams) => {
          const forward = learner.loss(params, learned.stats, batch);
          return { loss: forward.loss, aux: { stats: forward.stats } };
        },
        { encoder, head },
      );
      const next = applied(optimizer, { encoder, head }, kept, gradients, rates);
      return { state: { learned: { ...next.params, ...aux }, kept: next.kept }, outputs: { loss } };
    });
}

function applied(
  optimizer: Optimizer,
  params: LearnedParams,
  kept: NamedTensors,
  gradients: LearnedParams,
  rates: NamedTensors,
): { params: LearnedParams; kept: NamedTensors } {
  const flat = flattenTree(params);
  const next = optimizer.apply({ ...flat, ...kept }, flattenTree(gradients), rates);
  const part = (like: NamedTensors) =>
    Object.fromEntries(Object.entries(next).filter(([name]) => name in like));
  return { params: unflattenTree(part(flat), params), kept: part(kept) };
}
