import {
  tf,
  type InputSpec,
  type NamedTensors,
  type StepFunction,
  type TensorsOf,
  type ValuesOf,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { ExtraSpecs, InputScale, Method, MethodState } from '@noisy-pairs/models';
import { viewFrames, type PairBatch, type ViewPolicy } from '@noisy-pairs/pairs';
import type { Optimizer, Remembered } from '../optimizers/optimizer.ts';
import { viewSpecs, viewValues } from '../views/view-inputs.ts';
import { viewFunction } from '../views/views.ts';
import {
  classSpecs,
  classValues,
  startClasses,
  trackClasses,
  type ClassSpecs,
  type ClassState,
} from './true-classes.ts';

/** State of pretraining: the method's, the optimizer's memory, and classes where they are known. */
export type PretrainState = MethodState &
  ClassState & { readonly optimizer: Remembered<NamedTensors> };

/** A step's inputs: both images with their views, and what else it takes. */
export type StepSpecs = {
  readonly first: ReturnType<typeof viewSpecs>;
  readonly second: ReturnType<typeof viewSpecs>;
  /** As the method asks. */
  readonly extra: ExtraSpecs;
  /** Where they are known. */
  readonly classes?: ClassSpecs;
  /** The optimizer's. */
  readonly rates: Readonly<Record<string, InputSpec<[]>>>;
};

export interface StepOptions {
  readonly method: Method;
  readonly views: ViewPolicy;
  readonly normalise: InputScale;
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  /** S, edge of the images in pixels. */
  readonly size: number;
  /** Whether true classes are known, which are counted then. */
  readonly classesKnown: boolean;
}

/** Where in the run a step is. */
interface StepPosition {
  /** Steps done before. */
  readonly done: number;
  /** Share of the run that is done, 0..1. */
  readonly progress: number;
  readonly learningRate: number;
  /** For this step alone. */
  readonly random: Random;
}

/** The parts of a batch that a step takes. */
type StepBatch = Pick<
  PairBatch,
  'first' | 'second' | 'size' | 'firstViews' | 'secondViews' | 'firstClass' | 'secondClass'
>;

/** Pretraining's step. */
export interface PretrainStep {
  readonly specs: StepSpecs;
  /** The state before the first step. @param method its start, which becomes part of the state */
  start(method: MethodState): PretrainState;
  values(batch: StepBatch, at: StepPosition): ValuesOf<StepSpecs>;
  /** Outputs: the method's metrics, and those of trackClasses. */
  readonly apply: StepFunction<PretrainState, TensorsOf<StepSpecs>>;
}

/** Views of both images, the method's gradients, the optimizer's step; the first is the query. */
export function openStep(options: StepOptions): PretrainStep {
  const { method, views, normalise, optimizer, batchSize, size, classesKnown } = options;
  const view = viewFunction(views, normalise);
  return {
    specs: {
      first: viewSpecs(batchSize, size),
      second: viewSpecs(batchSize, size),
      extra: method.extras?.specs(batchSize, views.size) ?? {},
      ...(classesKnown ? { classes: classSpecs(batchSize) } : {}),
      rates: optimizer.rateSpecs,
    },
    start: (state) => ({
      ...state,
      optimizer: optimizer.start(state.query),
      ...(classesKnown ? startClasses(method, state) : {}),
    }),
    values: (batch, at) => ({
      first: viewValues(batch.first, batch.size, batch.firstViews),
      second: viewValues(batch.second, batch.size, batch.secondViews),
      extra: extraValues(method, views.size, batch, at),
      ...(classesKnown ? { classes: classValues(batch) } : {}),
      rates: optimizer.rates(at.done, at.learningRate),
    }),
    apply: (state, { first, second, extra, classes, rates }) =>
      tf.tidy(() => {
        const query = view(first); // [B, V, V, 3]
        const key = view(second);
        const { gradients, updates, metrics } = method.forward(state, {
          query,
          key,
          extras: extra,
        });
        const seen = classes && trackClasses(state, classes);
        const before = { params: state.query, remembered: state.optimizer };
        const next = optimizer.apply(before, gradients, rates);
        return {
          state: {
            ...updates,
            ...seen?.updates,
            query: next.params,
            optimizer: next.remembered,
          },
          outputs: { ...metrics, ...seen?.metrics },
        };
      }),
  };
}

/** The method's extras for a batch, by where its views lie. */
function extraValues(
  { extras }: Method,
  viewSize: number,
  { firstViews, secondViews }: StepBatch,
  { progress, random }: StepPosition,
): ValuesOf<ExtraSpecs> {
  if (!extras) return {};
  const frames = { query: viewFrames(firstViews), key: viewFrames(secondViews) };
  return extras.values({ frames, viewSize, progress, random });
}
