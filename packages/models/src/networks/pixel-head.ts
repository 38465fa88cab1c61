import {
  entry1d,
  entry2d,
  linear,
  relu,
  type NamedTensors,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { applyConvNorm, initConvNorm, type Pass } from './conv-norm.ts';
import { uniformFanIn } from './initialise.ts';
import type { Network } from './network.ts';

interface HeadSize {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

function requireHidden(head: string, { hidden }: HeadSize): void {
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new Error(`${head} hidden: expected a positive whole number, got ${hidden}`);
}

/** A linear layer of every pixel: 1x1 convolution with bias. x [..., C] -> [pixels, outputs] */
function pixelwise(params: NamedTensors, name: string, x: Tensor): Tensor2D {
  const flat = x.reshape<Tensor2D>([-1, x.shape[x.rank - 1] as number]);
  return linear(flat, entry2d(params, `${name}.weight`)).add<Tensor2D>(
    entry1d(params, `${name}.bias`),
  );
}

/**
 * DenseCL's head (necks.py): 1x1 convolution, ReLU, 1x1 convolution; no batch norm. [B, h, w,
 * inputs] -> [B, h, w, outputs], not normalised.
 */
export function denseHead(size: HeadSize): Network<Tensor4D, Tensor4D> {
  requireHidden('dense head', size);
  const { inputs, hidden, outputs } = size;
  return {
    init: (random) => ({
      params: {
        'dense.0.weight': uniformFanIn(random.split('dense.0.weight'), [inputs, hidden], inputs),
        'dense.0.bias': uniformFanIn(random.split('dense.0.bias'), [hidden], inputs),
        'dense.2.weight': uniformFanIn(random.split('dense.2.weight'), [hidden, outputs], hidden),
        'dense.2.bias': uniformFanIn(random.split('dense.2.bias'), [outputs], hidden),
      },
      stats: {},
    }),
    apply(params, stats, x) {
      const [b, h, w] = x.shape;
      return {
        y: pixelwise(params, 'dense.2', relu(pixelwise(params, 'dense.0', x))).reshape<Tensor4D>([
          b,
          h,
          w,
          outputs,
        ]),
        stats,
      };
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
  const first = {
    conv: 'projector.conv1',
    norm: 'projector.bn1',
    kernel: 1,
    stride: 1,
    inputs,
    outputs: hidden,
  };
  return {
    init(random) {
      const params: Record<string, Tensor> = {},
        stats: Record<string, Tensor> = {};
      initConvNorm(first, random, params, stats);
      params['projector.conv2.weight'] = uniformFanIn(
        random.split('projector.conv2.weight'),
        [hidden, outputs],
        hidden,
      );
      params['projector.conv2.bias'] = uniformFanIn(
        random.split('projector.conv2.bias'),
        [outputs],
        hidden,
      );
      return { params, stats };
    },
    apply(params, stats, x, training) {
      const [b, h, w] = x.shape;
      const pass: Pass = { params, stats, training, newStats: {} };
      const y = relu(applyConvNorm(first, x, pass));
      return {
        y: pixelwise(params, 'projector.conv2', y).reshape<Tensor4D>([b, h, w, outputs]),
        stats: pass.newStats,
      };
    },
  };
}

export { pixelwise };
