import {
  entry1d,
  entry2d,
  linear,
  tf,
  type NamedTensors,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { normal, uniformFanIn } from './initialise.ts';

/** A fully connected layer: `NAME.weight` [inputs, outputs] and `NAME.bias` [outputs]. */
export interface LinearLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Fresh parameters by torch's default: both U(-1/sqrt(inputs), 1/sqrt(inputs)). */
export function initLinear({ name, inputs, outputs }: LinearLayer, random: Random): NamedTensors {
  const weight = `${name}.weight`;
  const bias = `${name}.bias`;
  return {
    [weight]: uniformFanIn(random.split(weight), [inputs, outputs], inputs),
    [bias]: uniformFanIn(random.split(bias), [outputs], inputs),
  };
}

/** Fresh parameters of a classifier: weights N(0, 0.01), bias 0 (moco `main_lincls.py`). */
export function initClassifier(layer: LinearLayer, random: Random): NamedTensors {
  const { name, inputs, outputs } = layer;
  const weight = `${name}.weight`;
  return {
    [weight]: normal(random.split(weight), [inputs, outputs], 0.01),
    [`${name}.bias`]: tf.zeros([outputs]),
  };
}

/** @param x [N, inputs] @returns [N, outputs] */
export function applyLinear({ name }: LinearLayer, params: NamedTensors, x: Tensor2D): Tensor2D {
  const weight = entry2d(params, `${name}.weight`);
  return linear(x, weight).add<Tensor2D>(entry1d(params, `${name}.bias`));
}

/**
 * The layer for every pixel, a 1x1 convolution.
 * @param x [B, h, w, inputs]
 * @returns [B, h, w, outputs]
 */
export function applyPixelwise(layer: LinearLayer, params: NamedTensors, x: Tensor4D): Tensor4D {
  const [b, h, w] = x.shape;
  return applyLinear(layer, params, pixels(x)).reshape([b, h, w, layer.outputs]);
}

/** One row a pixel. @param x [B, h, w, C] @returns [B h w, C] */
export function pixels(x: Tensor4D): Tensor2D {
  const [b, h, w, c] = x.shape;
  return x.reshape([b * h * w, c]);
}
