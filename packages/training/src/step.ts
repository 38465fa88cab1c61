import { tf, within, type StepFunction } from '@noisy-pairs/engine';
import type { Method } from '@noisy-pairs/models';
import type { ViewPolicy } from '@noisy-pairs/pairs';
import type { Normalise } from './normalise.ts';
import type { Optimizer } from './optimizer.ts';
import { viewFunction, type ViewInputs } from './views.ts';

/**
 * Views of both images, the method's gradients, the optimizer's step.
 * State: the method's and the optimizer's. Inputs: `first/*` and `second/*` (see ViewInputs), and the optimizer's rates.
 * Outputs: the method's metrics. The first image becomes the query.
 */
export function pretrainStep(method: Method, policy: ViewPolicy, normalise: Normalise, optimizer: Optimizer): StepFunction {
  const view = viewFunction(policy, normalise);
  return (state, inputs) => tf.tidy(() => {
    const query = view(within('first', inputs) as ViewInputs); // [B, V, V, 3]
    const key = view(within('second', inputs) as ViewInputs);
    const { gradients, updates, metrics } = method.forward(state, { query, key });
    return { state: { ...updates, ...optimizer.apply(state, gradients, inputs) }, outputs: metrics };
  });
}
