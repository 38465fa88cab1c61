import { mapTree, tf, type InputSpec, type Scalar, type TensorTree } from '@noisy-pairs/engine';
import { adamW, type AdamWRates } from './adam-w.ts';
import { lars } from './lars.ts';
import { sgd, type SgdRates } from './sgd.ts';

/** An optimizer's memory from step to step: trees like that of the parameters, by name. */
export type Remembered<T extends TensorTree> = Readonly<Record<string, T>>;

/** Parameters, and what their optimizer remembers. */
type Optimized<T extends TensorTree> = {
  readonly params: T;
  readonly remembered: Remembered<T>;
};

/** How gradients become new parameters. */
export interface Optimizer<Rates extends Readonly<Record<string, Scalar>> = RateTensors> {
  readonly name: OptimizerName;
  /** Declarations of a step's rates. */
  readonly rateSpecs: Readonly<Record<string, InputSpec<[]>>>;
  /** Its memory before the first step: zeros; the caller's. */
  start<T extends TensorTree>(params: T): Remembered<T>;
  /** Values of a step's rates. @param step from 0 */
  rates(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** One step. Borrows its arguments; the results are the caller's. */
  apply<T extends TensorTree>(state: Optimized<T>, gradients: T, rates: Rates): Optimized<T>;
}

type RateTensors = Readonly<Record<string, Scalar>>;

/**
 * sgd: with momentum, for nearly everything. lars: rates by layer, for large batches (PixPro).
 * adamw: for heads and fine-tuning.
 */
export type OptimizerName = 'sgd' | 'lars' | 'adamw';

export interface OptimizerSettings {
  /** For sgd and lars, 0..1. */
  readonly momentum: number;
  readonly weightDecay: number;
  /** For sgd: gradients are scaled down together to this norm. */
  readonly clipNorm?: number | undefined;
}

/** @throws if clipNorm is given to one that does not clip */
export function openOptimizer(name: OptimizerName, settings: OptimizerSettings): Optimizer {
  if (settings.clipNorm !== undefined && name !== 'sgd')
    throw new Error(
      `clipNorm: expected none with ${name}, which does not clip, got ${settings.clipNorm}`,
    );
  return name === 'adamw' ? adamWithDecay(settings) : withMomentum(name, settings);
}

function withMomentum(
  name: 'sgd' | 'lars',
  { momentum, weightDecay, clipNorm }: OptimizerSettings,
): Optimizer<SgdRates> {
  const step = name === 'sgd' ? sgd : lars;
  const rates = (learningRate: number) => ({
    learningRate,
    momentum,
    weightDecay,
    ...(clipNorm === undefined ? {} : { clipNorm }),
  });
  return {
    name,
    rateSpecs: scalars(rates(0)),
    start: (params) => ({ velocity: zeros(params) }),
    rates: (_, learningRate) => rates(learningRate),
    apply({ params, remembered }, gradients, tensors) {
      const velocity = memory(remembered, 'velocity', name);
      const next = step({ params, velocity }, gradients, tensors);
      return { params: next.params, remembered: { velocity: next.velocity } };
    },
  };
}

/** Adam's, as in torch. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

function adamWithDecay({ weightDecay }: OptimizerSettings): Optimizer<AdamWRates> {
  const rates = (step: number, learningRate: number) => ({
    learningRate,
    weightDecay,
    beta1,
    beta2,
    epsilon,
    beta1Power: beta1 ** (step + 1),
    beta2Power: beta2 ** (step + 1),
  });
  return {
    name: 'adamw',
    rateSpecs: scalars(rates(0, 0)),
    start: (params) => ({ moment1: zeros(params), moment2: zeros(params) }),
    rates,
    apply({ params, remembered }, gradients, tensors) {
      const moment1 = memory(remembered, 'moment1', 'adamw');
      const moment2 = memory(remembered, 'moment2', 'adamw');
      const { params: moved, ...moments } = adamW({ params, moment1, moment2 }, gradients, tensors);
      return { params: moved, remembered: moments };
    },
  };
}

const zeros = <T extends TensorTree>(params: T): T => mapTree(params, (t) => tf.zerosLike(t));

/** Declarations of the scalars of these names. */
function scalars(rates: Readonly<Record<string, number>>): Readonly<Record<string, InputSpec<[]>>> {
  const scalar: InputSpec<[]> = { shape: [], dtype: 'float32' };
  return Object.fromEntries(Object.keys(rates).map((name) => [name, scalar]));
}

function memory<T extends TensorTree>(remembered: Remembered<T>, name: string, of: string): T {
  const tree = remembered[name];
  if (!tree)
    throw new Error(
      `${of}: expected ${name} of the parameters, got ${Object.keys(remembered).join() || 'none'}`,
    );
  return tree;
}
