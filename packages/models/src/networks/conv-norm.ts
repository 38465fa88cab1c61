import {
  batchNormInference,
  conv2d,
  tf,
  type NamedTensors,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { kaimingFanOut } from './initialise.ts';
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

export function initConvNorm(
  layer: ConvNorm,
  random: Random,
  params: Record<string, Tensor>,
  stats: Record<string, Tensor>,
): void {
  const { conv, norm, kernel, inputs, outputs } = layer;
  params[`${conv}.weight`] = kaimingFanOut(random.split(conv), [kernel, kernel, inputs, outputs]);
  params[`${norm}.weight`] = tf.ones([outputs]);
  params[`${norm}.bias`] = tf.zeros([outputs]);
  stats[`${norm}.running_mean`] = tf.zeros([outputs]);
  stats[`${norm}.running_var`] = tf.ones([outputs]);
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

export function applyConvNorm(layer: ConvNorm, x: Tensor4D, pass: Pass): Tensor4D {
  const { conv, norm, kernel, stride } = layer;
  const param = (name: string) => pass.params[name] as Tensor1D;
  const gamma = param(`${norm}.weight`),
    beta = param(`${norm}.bias`);
  const mean = `${norm}.running_mean`,
    variance = `${norm}.running_var`;
  const runningMean = pass.stats[mean] as Tensor1D,
    runningVariance = pass.stats[variance] as Tensor1D;
  const y = convolve(x, pass.params[`${conv}.weight`] as Tensor4D, kernel, stride);
  if (!pass.training) {
    pass.newStats[mean] = runningMean;
    pass.newStats[variance] = runningVariance;
    return batchNormInference(y, gamma, beta, runningMean, runningVariance);
  }
  const { count, order } = pass.groups ?? { count: 1, order: 'interleaved' };
  const batch = splitBatchNorm(
    y,
    gamma,
    beta,
    { mean: runningMean, variance: runningVariance, share: MOMENTUM },
    count,
    order,
  );
  pass.newStats[mean] = batch.mean;
  pass.newStats[variance] = batch.variance;
  return batch.y;
}
