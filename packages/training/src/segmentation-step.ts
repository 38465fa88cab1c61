import { softmaxCrossEntropyPlanes, tf, under, valueAndGradients, within, type NamedTensors, type Scalar, type StepFunction, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import { resizeToPlanes, type Encoder, type Network } from '@noisy-pairs/models';
import { joinFeatures, type ImageCount } from './joined-features.ts';
import { ignoreLabel } from './labelled.ts';
import { normaliseFunction, type Normalise } from './normalise.ts';
import type { Optimizer } from './optimizer.ts';

/** What is trained: how its state steps, and the logits it gives in inference. */
export interface Segmenter {
  /** Names of the state's entries that the optimizer updates. */
  trainable(state: NamedTensors): string[];
  /** Gradients and the optimizer's step. Output: `loss`. */
  step(optimizer: Optimizer): StepFunction;
  /** Logits [B, h, w, classes] for a reader's inputs; the caller's. */
  logits(state: NamedTensors, inputs: NamedTensors): Tensor4D;
}

/**
 * Mean cross entropy over the pixels that count, at image resolution: logits are brought to the mask's size by half-pixel
 * bilinear interpolation first.
 * @param logits [B, h, w, classes]
 * @param labels [B * size * size] int32, 255 = ignored; a batch without a pixel that counts has the loss 0
 */
export function segmentationLoss(logits: Tensor4D, labels: Tensor1D, size: number): Scalar {
  return tf.tidy(() => {
    const classes = logits.shape[3];
    const counts = labels.notEqual(ignoreLabel);
    const planes = resizeToPlanes(logits, size).reshape<Tensor2D>([classes, -1]); // [classes, pixels]
    const losses = softmaxCrossEntropyPlanes(planes, tf.where(counts, labels, tf.zerosLike(labels)));
    const weights = counts.cast('float32');
    return losses.mul(weights).sum().div<Scalar>(tf.maximum(weights.sum(), 1));
  });
}

/** Only the head learns, on features given to it. State: `head/*`; inputs: `features` [B, h, w, C] and `labels`. */
export function headSegmenter(head: Network, size: number): Segmenter {
  const logits = (params: NamedTensors, inputs: NamedTensors) => head.apply(within('head', params), {}, inputs['features'] as Tensor4D, false).y as Tensor4D;
  return {
    trainable: (state) => Object.keys(state).filter((name) => name.startsWith('head/')),
    logits,
    step: learningStep((params, _state, inputs) => ({ loss: segmentationLoss(logits(params, inputs), inputs['labels'] as Tensor1D, size), stats: {} }), ['head/']),
  };
}

/**
 * Encoder and head learn together, batch norm on batch statistics. State: `encoder/*`, `stats/*`, `head/*`; inputs: `images`
 * [B * images, S, S, 3] in 0..255 and `labels`.
 */
export function networkSegmenter(encoder: Encoder, head: Network, size: number, normalise: Normalise, images: ImageCount = 1): Segmenter {
  const toStandard = normaliseFunction(size, normalise);
  const forward = (params: NamedTensors, state: NamedTensors, inputs: NamedTensors, training: boolean) => {
    const x = toStandard((inputs['images'] as Tensor4D).mul<Tensor4D>(1 / 255));
    const { y, stats } = encoder.apply(within('encoder', params), within('stats', state), x, training);
    return { logits: head.apply(within('head', params), {}, joinFeatures(y, images), training).y as Tensor4D, stats };
  };
  return {
    trainable: (state) => Object.keys(state).filter((name) => name.startsWith('encoder/') || name.startsWith('head/')),
    logits: (state, inputs) => tf.tidy(() => forward(state, state, inputs, false).logits),
    step: learningStep((params, state, inputs) => {
      const { logits, stats } = forward(params, state, inputs, true);
      return { loss: segmentationLoss(logits, inputs['labels'] as Tensor1D, size), stats: under('stats', stats) };
    }, ['encoder/', 'head/']),
  };
}

/** Gradients of the entries under `prefixes`, the optimizer's step, new statistics. */
function learningStep(
  forward: (params: NamedTensors, state: NamedTensors, inputs: NamedTensors) => { loss: Scalar; stats: NamedTensors },
  prefixes: readonly string[],
): (optimizer: Optimizer) => StepFunction {
  return (optimizer) => (state, inputs) => tf.tidy(() => {
    const params: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(state)) {
      if (prefixes.some((prefix) => name.startsWith(prefix))) params[name] = tensor;
    }
    const { loss, aux, gradients } = valueAndGradients((p) => {
      const result = forward(p, state, inputs);
      return { loss: result.loss, aux: result.stats };
    }, params);
    return { state: { ...aux, ...optimizer.apply(state, gradients, inputs) }, outputs: { loss } };
  });
}
