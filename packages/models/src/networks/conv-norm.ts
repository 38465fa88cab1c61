import {
  batchNormInference,
  conv2d,
  entry1d,
  entry4d,
  tf,
  type NamedTensors,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { kaimingFanOut } from './initialise.ts';
import type { NetworkState } from './network.ts';
import { splitBatchNorm, type GroupOrder } from './split-batch-norm.ts';

/** Share of the new batch in running statistics (torch's default). */
const MOMENTUM = 0.1;

/** A convolution without bias followed by batch normalisation. */
export interface ConvNorm {
  /** torchvision's names of the two modules, e.g. `layer1.0.conv1` and `layer1.0.bn1`. */
  readonly conv: string;
  readonly norm: string;
  readonly kernel: number;
  readonly stride: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Where layers read their tensors and put their new running statistics. */
export interface Pass {
  readonly params: NamedTensors;
  readonly stats: NamedTensors;
  readonly training: boolean;
  readonly newStats: Record<string, Tensor>;
  /** Into how many groups training cuts the batch for its statistics, and how. Default one. */
  readonly groups?: { readonly count: number; readonly order: GroupOrder };
}

/** Shapes of a layer's parameters and statistics, by name. */
export function convNormShapes({ conv, norm, kernel, inputs, outputs }: ConvNorm): {
  params: Record<string, number[]>;
  stats: Record<string, number[]>;
} {
  return {
    params: {
      [`${conv}.weight`]: [kernel, kernel, inputs, outputs],
      [`${norm}.weight`]: [outputs],
      [`${norm}.bias`]: [outputs],
    },
    stats: { [`${norm}.running_mean`]: [outputs], [`${norm}.running_var`]: [outputs] },
  };
}

/** Fresh tensors: the kernel by He et al., batch norm that changes nothing. */
export function initConvNorm(layer: ConvNorm, random: Random): NetworkState {
  const { conv, norm, kernel, inputs, outputs } = layer;
  return {
    params: {
      [`${conv}.weight`]: kaimingFanOut(random.split(conv), [kernel, kernel, inputs, outputs]),
      [`${norm}.weight`]: tf.ones([outputs]),
      [`${norm}.bias`]: tf.zeros([outputs]),
    },
    stats: {
      [`${norm}.running_mean`]: tf.zeros([outputs]),
      [`${norm}.running_var`]: tf.ones([outputs]),
    },
  };
}

/** Zeros around height and width, `by` pixels wide. */
export function padSides(x: Tensor4D, by: number): Tensor4D {
  const none: [number, number] = [0, 0];
  return tf.pad(x, [none, [by, by], [by, by], none]);
}

/**
 * torch pads (k-1)/2 on both sides; TensorFlow's SAME is offset from that at stride 2, so those are
 * padded by hand.
 */
function convolve(x: Tensor4D, w: Tensor4D, kernel: number, stride: number): Tensor4D {
  if (stride === 1 || kernel === 1) return conv2d(x, w, stride, kernel === 1 ? 'valid' : 'same');
  return conv2d(padSides(x, (kernel - 1) / 2), w, stride, 'valid');
}

/** @param x [B, H, W, inputs] @returns [B, H / stride, W / stride, outputs] */
export function applyConvNorm(layer: ConvNorm, x: Tensor4D, pass: Pass): Tensor4D {
  const { conv, norm, kernel, stride } = layer;
  const { params, stats, training, newStats } = pass;
  const gamma = entry1d(params, `${norm}.weight`);
  const beta = entry1d(params, `${norm}.bias`);
  const mean = entry1d(stats, `${norm}.running_mean`);
  const variance = entry1d(stats, `${norm}.running_var`);
  const y = convolve(x, entry4d(params, `${conv}.weight`), kernel, stride);
  if (!training) {
    newStats[`${norm}.running_mean`] = mean;
    newStats[`${norm}.running_var`] = variance;
    return batchNormInference(y, gamma, beta, mean, variance);
  }
  const { count, order } = pass.groups ?? { count: 1, order: 'interleaved' };
  const running = { mean, variance, share: MOMENTUM };
  const batch = splitBatchNorm(y, gamma, beta, running, count, order);
  newStats[`${norm}.running_mean`] = batch.mean;
  newStats[`${norm}.running_var`] = batch.variance;
  return batch.y;
}
