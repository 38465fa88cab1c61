import {
  tf,
  under,
  within,
  type InputSpec,
  type InputValue,
  type StepFunction,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { InputScale, Method } from '@noisy-pairs/models';
import { viewFrames, type ViewBatch, type ViewPolicy } from '@noisy-pairs/pairs';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { classSpecs, trackClasses } from './true-classes.ts';
import { viewSpecs, type ViewInputs } from '../views/view-inputs.ts';
import { viewFunction } from '../views/views.ts';

/**
 * Views of both images, the method's gradients, the optimizer's step. State: the method's and the
 * optimizer's, and where true classes are known what startClasses gives; then `firstClass` and
 * `secondClass` are inputs too. Inputs: `first/*` and `second/*` (see ViewInputs), `extra/*` as the
 * method asks, and the optimizer's rates. Outputs: the method's metrics, and those of trackClasses.
 * The first image becomes the query.
 */
export function pretrainStep(
  method: Method,
  policy: ViewPolicy,
  normalise: InputScale,
  optimizer: Optimizer,
  classesKnown = false,
): StepFunction {
  const view = viewFunction(policy, normalise);
  return (state, inputs) =>
    tf.tidy(() => {
      const query = view(within('first', inputs) as unknown as ViewInputs); // [B, V, V, 3]
      const key = view(within('second', inputs) as unknown as ViewInputs);
      const { gradients, updates, metrics } = method.forward(state, {
        query,
        key,
        extras: within('extra', inputs),
      });
      const classes = classesKnown ? trackClasses(state, inputs) : { updates: {}, metrics: {} };
      return {
        state: { ...updates, ...classes.updates, ...optimizer.apply(state, gradients, inputs) },
        outputs: { ...metrics, ...classes.metrics },
      };
    });
}

/**
 * What a step takes: both images with their views, the method's extras, the optimizer's rates.
 * @param size S of the images
 */
export function stepSpecs(
  method: Method,
  policy: ViewPolicy,
  optimizer: Optimizer,
  batchSize: number,
  size: number,
  classesKnown = false,
): Record<string, InputSpec> {
  const views = viewSpecs(batchSize, size);
  return {
    ...under('first', views),
    ...under('second', views),
    ...under('extra', method.extras?.specs(batchSize, policy.size) ?? {}),
    ...(classesKnown ? classSpecs(batchSize) : {}),
    ...Object.fromEntries(
      Object.keys(optimizer.rates(0, 0)).map((name): [string, InputSpec] => [
        name,
        { shape: [], dtype: 'float32' },
      ]),
    ),
  };
}

/**
 * The method's extras for a batch, by where its views lie.
 * @param random for this step alone
 * @param progress 0..1
 */
export function extraValues(
  method: Method,
  policy: ViewPolicy,
  first: ViewBatch,
  second: ViewBatch,
  progress: number,
  random: Random,
): Record<string, InputValue> {
  if (!method.extras) return {};
  const frames = { query: viewFrames(first), key: viewFrames(second) };
  return under('extra', method.extras.values({ frames, viewSize: policy.size, progress, random }));
}
