import { relu, type Tensor4D } from '@noisy-pairs/engine';
import { applyConvNorm, initConvNorm, type Pass } from './conv-norm.ts';
import type { HeadSize } from './heads.ts';
import { applyLinear, applyPixelwise, initLinear, pixels } from './linear-layer.ts';
import type { Network } from './network.ts';

function requireHidden(head: string, { hidden }: HeadSize): void {
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new Error(`${head} hidden: expected a positive whole number, got ${hidden}`);
}

/**
 * DenseCL's head (necks.py): 1x1 convolution, ReLU, 1x1 convolution; no batch norm. [B, h, w,
 * inputs] -> [B, h, w, outputs], not normalised.
 */
export function denseHead(size: HeadSize): Network<Tensor4D, Tensor4D> {
  requireHidden('dense head', size);
  const { inputs, hidden, outputs } = size;
  const first = { name: 'dense.0', inputs, outputs: hidden };
  const second = { name: 'dense.2', inputs: hidden, outputs };
  return {
    init: (random) => ({
      params: { ...initLinear(first, random), ...initLinear(second, random) },
      stats: {},
    }),
    apply(params, stats, x) {
      const [b, h, w] = x.shape;
      // Rows from layer to layer: a reshape would take them out of bfloat16.
      const y = applyLinear(second, params, relu(applyLinear(first, params, pixels(x))));
      return { y: y.reshape([b, h, w, outputs]), stats };
    },
  };
}

/**
 * PixPro's projector (PixPro.py, MLP2d): 1x1 convolution, batch norm, ReLU, 1x1 convolution. [B, h,
 * w, inputs] -> [B, h, w, outputs], not normalised.
 */
export function pixelProjector(size: HeadSize): Network<Tensor4D, Tensor4D> {
  requireHidden('pixel projector', size);
  const { inputs, hidden, outputs } = size;
  const [conv, norm] = ['projector.conv1', 'projector.bn1'];
  const first = { conv, norm, kernel: 1, stride: 1, inputs, outputs: hidden };
  const second = { name: 'projector.conv2', inputs: hidden, outputs };
  return {
    init(random) {
      const { params, stats } = initConvNorm(first, random);
      return { params: { ...params, ...initLinear(second, random) }, stats };
    },
    apply(params, stats, x, training) {
      const pass: Pass = { params, stats, training, newStats: {} };
      const y = relu(applyConvNorm(first, x, pass));
      return { y: applyPixelwise(second, params, y), stats: pass.newStats };
    },
  };
}
