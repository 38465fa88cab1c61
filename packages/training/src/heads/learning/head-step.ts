import {
  tf,
  valueAndGradients,
  type Scalar,
  type StepFunction,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Optimizer, Remembered } from '../../optimizers/optimizer.ts';
import type { Learned, LearnedParams, Learner } from './learner.ts';

/** State of a program that trains: the tensors that learn, and what the optimizer remembers. */
export type FitState = Readonly<{ learned: Learned; optimizer: Remembered<LearnedParams> }>;

/** Inputs of a step: a batch, and the optimizer's rates. */
interface StepInputs<Specs> {
  readonly batch: TensorsOf<Specs>;
  readonly rates: Readonly<Record<string, Scalar>>;
}

/** Loss, gradients and the optimizer's step. */
export function headStep<Specs>(
  learner: Learner<Specs>,
  optimizer: Optimizer,
): StepFunction<FitState, StepInputs<Specs>, { loss: Scalar }> {
  return ({ learned, optimizer: remembered }, { batch, rates }) =>
    tf.tidy(() => {
      const { encoder, head } = learned;
      const params: LearnedParams = { encoder, head };
      const { loss, aux, gradients } = valueAndGradients((p) => {
        const forward = learner.loss(p, learned.stats, batch);
        return { loss: forward.loss, aux: { stats: forward.stats } };
      }, params);
      const next = optimizer.apply({ params, remembered }, gradients, rates);
      return {
        state: { learned: { ...next.params, ...aux }, optimizer: next.remembered },
        outputs: { loss },
      };
    });
}
