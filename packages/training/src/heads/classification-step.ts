import {
  softmaxCrossEntropy,
  tf,
  under,
  within,
  type NamedTensors,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale, Network } from '@noisy-pairs/models';
import { learner, type Learner } from './learner.ts';
import { pixelFunction } from '../views/normalise.ts';

/** What is trained, and the logits it gives in inference. */
export interface Classifier extends Learner {
  /** Logits [B, classes] for a reader's inputs; the caller's. */
  logits(state: NamedTensors, inputs: NamedTensors): Tensor2D;
}

/** Mean cross entropy. @param logits [B, classes] @param labels [B] int32 */
const loss = (logits: Tensor2D, labels: Tensor1D) =>
  softmaxCrossEntropy(logits, labels).mean<Scalar>();

/**
 * Only the head learns, on features given to it. State: `head/*`; inputs: `features` [B, C] and
 * `labels` [B].
 */
export function headClassifier(head: Network): Classifier {
  const logits = (params: NamedTensors, inputs: NamedTensors) =>
    head.apply(within('head', params), {}, inputs['features'] as Tensor2D, false).y as Tensor2D;
  return {
    ...learner(['head/'], (params, _state, inputs) => ({
      loss: loss(logits(params, inputs), inputs['labels'] as Tensor1D),
      stats: {},
    })),
    logits,
  };
}

/**
 * Encoder and head learn together, batch norm on batch statistics. State: `encoder/*`, `stats/*`,
 * `head/*`; inputs: `images` [B, S, S, 3] in 0..255 and `labels` [B].
 */
export function networkClassifier(
  encoder: Encoder,
  head: Network,
  size: number,
  normalise: InputScale,
): Classifier {
  const toStandard = pixelFunction(size, normalise);
  const forward = (
    params: NamedTensors,
    state: NamedTensors,
    inputs: NamedTensors,
    training: boolean,
  ) => {
    const { y, stats } = encoder.apply(
      within('encoder', params),
      within('stats', state),
      toStandard(inputs['images'] as Tensor4D),
      training,
    );
    return {
      logits: head.apply(within('head', params), {}, y.mean([1, 2]), training).y as Tensor2D,
      stats,
    };
  };
  return {
    ...learner(['encoder/', 'head/'], (params, state, inputs) => {
      const { logits, stats } = forward(params, state, inputs, true);
      return { loss: loss(logits, inputs['labels'] as Tensor1D), stats: under('stats', stats) };
    }),
    logits: (state, inputs) => tf.tidy(() => forward(state, state, inputs, false).logits),
  };
}
