import { relu, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import { applyLinear, applyPixelwise, initClassifier, initLinear } from './linear-layer.ts';
import type { Network } from './network.ts';

/** Channels of a head of two layers. */
export interface HeadSize {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

/**
 * MoCo v2's head: fully connected, ReLU, fully connected; no batch norm. With `hidden` 0 MoCo v1's:
 * one fully connected layer. [B, inputs] -> [B, outputs], not normalised.
 */
export function projectionHead(size: HeadSize): Network<Tensor2D, Tensor2D> {
  const { inputs, hidden, outputs } = size;
  if (hidden === 0) {
    const only = { name: 'fc', inputs, outputs };
    return {
      init: (random) => ({ params: initLinear(only, random), stats: {} }),
      apply: (params, stats, x) => ({ y: applyLinear(only, params, x), stats }),
    };
  }
  const first = { name: 'fc.0', inputs, outputs: hidden };
  const second = { name: 'fc.2', inputs: hidden, outputs };
  return {
    init: (random) => ({
      params: { ...initLinear(first, random), ...initLinear(second, random) },
      stats: {},
    }),
    apply: (params, stats, x) => ({
      y: applyLinear(second, params, relu(applyLinear(first, params, x))),
      stats,
    }),
  };
}

interface ClassifierSize {
  readonly inputs: number;
  readonly classes: number;
}

/**
 * A linear classifier of each feature: 1x1 convolution with bias. [B, h, w, inputs] -> logits [B,
 * h, w, classes].
 */
export function segmentationHead(size: ClassifierSize): Network<Tensor4D, Tensor4D> {
  const layer = { name: 'head', inputs: size.inputs, outputs: size.classes };
  return {
    init: (random) => ({ params: initClassifier(layer, random), stats: {} }),
    apply: (params, stats, x) => ({ y: applyPixelwise(layer, params, x), stats }),
  };
}

/** A linear classifier of images. [B, inputs] -> logits [B, classes]. */
export function classificationHead(size: ClassifierSize): Network<Tensor2D, Tensor2D> {
  const layer = { name: 'fc', inputs: size.inputs, outputs: size.classes };
  return {
    init: (random) => ({ params: initClassifier(layer, random), stats: {} }),
    apply: (params, stats, x) => ({ y: applyLinear(layer, params, x), stats }),
  };
}
