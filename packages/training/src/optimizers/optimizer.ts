import {
  tf,
  under,
  within,
  type NamedTensors,
  type Scalar,
  type Tensor,
} from '@noisy-pairs/engine';
import { adamW } from './adam-w.ts';
import { lars } from './lars.ts';
import { sgd, type SgdRates } from './sgd.ts';

/**
 * How gradients become new parameters, with what is remembered from step to step as entries of a
 * program's state.
 */
export interface Optimizer {
  readonly name: OptimizerName;
  /** What it keeps about the trainable entries, before the first step; the caller's. */
  start(state: NamedTensors, trainable: readonly string[]): NamedTensors;
  /** The scalar inputs of a step, by name. @param step from 0 */
  rates(step: number, learningRate: number): Readonly<Record<string, number>>;
  /**
   * New values of the entries that have a gradient, and of what it keeps.
   * @param inputs with those of `rates`
   */
  apply(state: NamedTensors, gradients: NamedTensors, inputs: NamedTensors): NamedTensors;
}

/**
 * sgd: with momentum, for nearly everything. lars: rates by layer, for large batches (PixPro).
 * adamw: for heads and fine-tuning.
 */
export type OptimizerName = 'sgd' | 'lars' | 'adamw';

export interface OptimizerSettings {
  /** Of sgd and lars, 0..1. */
  readonly momentum: number;
  readonly weightDecay: number;
  /** Of sgd: gradients are scaled down together to this norm. */
  readonly clipNorm?: number | undefined;
}

/** AdamW's, as in torch. */
const beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8;

/** @throws if clipNorm is given to one that does not clip */
export function openOptimizer(
  name: OptimizerName,
  { momentum, weightDecay, clipNorm }: OptimizerSettings,
): Optimizer {
  if (clipNorm !== undefined && name !== 'sgd')
    throw new Error(`clipNorm: expected none with ${name}, which does not clip, got ${clipNorm}`);
  if (name === 'adamw') {
    return {
      name,
      start: (state, trainable) => ({
        ...zeros('moment1', state, trainable),
        ...zeros('moment2', state, trainable),
      }),
      rates: (step, learningRate) => ({
        learningRate,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        beta1Power: beta1 ** (step + 1),
        beta2Power: beta2 ** (step + 1),
      }),
      apply(state, gradients, inputs) {
        const rates = inputs as Record<
          | 'learningRate'
          | 'weightDecay'
          | 'beta1'
          | 'beta2'
          | 'epsilon'
          | 'beta1Power'
          | 'beta2Power',
          Scalar
        >;
        const next = adamW(
          entries(state, Object.keys(gradients)),
          gradients,
          { first: within('moment1', state), second: within('moment2', state) },
          rates,
        );
        return {
          ...next.params,
          ...under('moment1', next.moments.first),
          ...under('moment2', next.moments.second),
        };
      },
    };
  }
  const descend = name === 'sgd' ? sgd : lars;
  return {
    name,
    start: (state, trainable) => zeros('velocity', state, trainable),
    rates: (_, learningRate) => ({
      learningRate,
      momentum,
      weightDecay,
      ...(clipNorm === undefined ? {} : { clipNorm }),
    }),
    apply(state, gradients, inputs) {
      const next = descend(
        entries(state, Object.keys(gradients)),
        gradients,
        within('velocity', state),
        inputs as unknown as SgdRates,
      );
      return { ...next.params, ...under('velocity', next.velocity) };
    },
  };
}

/** An entry of zeros for each of the named ones. */
function zeros(prefix: string, state: NamedTensors, names: readonly string[]): NamedTensors {
  return under(
    prefix,
    Object.fromEntries(
      Object.entries(entries(state, names)).map(([name, tensor]) => [name, tf.zerosLike(tensor)]),
    ),
  );
}

function entries(state: NamedTensors, names: readonly string[]): NamedTensors {
  return Object.fromEntries(
    names.map((name): [string, Tensor] => {
      const tensor = state[name];
      if (!tensor)
        throw new Error(
          `state: expected an entry ${name}, got ${Object.keys(state).length} others`,
        );
      return [name, tensor];
    }),
  );
}
