import { tf, under, within, type NamedTensors, type StepFunction, type Tensor } from '@noisy-pairs/engine';
import type { Method } from '@noisy-pairs/models';
import type { ViewPolicy } from '@noisy-pairs/pairs';
import type { Normalise } from './normalise.ts';
import { sgd, type SgdRates } from './sgd.ts';
import { viewFunction, type ViewInputs } from './views.ts';

/** The velocities of the trainable entries, all zero: `velocity/<entry>`. */
export function startVelocity(state: NamedTensors, trainable: readonly string[]): NamedTensors {
  return under('velocity', Object.fromEntries(trainable.map((name) => [name, tf.zerosLike(entry(state, name))])));
}

/**
 * Views of both images, the method's gradients, SGD.
 * State: the method's, and `velocity/<trainable entry>`. Inputs: `first/*` and `second/*` (see ViewInputs), `learningRate`,
 * `momentum` and `weightDecay`, perhaps `clipNorm` (scalars). Outputs: the method's metrics. The first image becomes the query.
 */
export function pretrainStep(method: Method, policy: ViewPolicy, normalise: Normalise): StepFunction {
  const view = viewFunction(policy, normalise);
  return (state, inputs) => tf.tidy(() => {
    const query = view(within('first', inputs) as ViewInputs); // [B, V, V, 3]
    const key = view(within('second', inputs) as ViewInputs);
    const { gradients, updates, metrics } = method.forward(state, { query, key });
    return { state: { ...updates, ...descend(state, gradients, inputs) }, outputs: metrics };
  });
}

/** SGD on the entries that have a gradient: their new values and velocities. */
export function descend(state: NamedTensors, gradients: NamedTensors, inputs: NamedTensors): NamedTensors {
  const params: Record<string, Tensor> = {};
  for (const name of Object.keys(gradients)) params[name] = entry(state, name);
  const next = sgd(params, gradients, within('velocity', state), inputs as unknown as SgdRates);
  return { ...next.params, ...under('velocity', next.velocity) };
}

function entry(state: NamedTensors, name: string): Tensor {
  const tensor = state[name];
  if (!tensor) throw new Error(`state: expected an entry ${name}, got ${Object.keys(state).length} others`);
  return tensor;
}
