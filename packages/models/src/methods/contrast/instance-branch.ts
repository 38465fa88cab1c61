import type { NamedTensors, Scalar, Tensor2D, Tensor4D } from '@noisy-pairs/engine';
import { projectionHead } from '../../networks/heads.ts';
import type { Network } from '../../networks/network.ts';
import { contrastAccuracy, contrastLogits, contrastLoss, unitRows } from './info-nce.ts';
import type { QueueSize } from './queues.ts';
import type { RinceConfig } from './rince.ts';
import { requireTemperature } from './temperature.ts';

export interface InstanceConfig {
  /** Length D of an embedding. */
  readonly dimensions: number;
  /** Width of the projection head's hidden layer; 0: none, as in MoCo v1. */
  readonly hidden: number;
  /** Number K of negatives; at most a quarter to half of the data set. */
  readonly queueSize: number;
  /** T of the softmax. */
  readonly temperature: number;
  /** RINCE instead of InfoNCE. */
  readonly robust?: RinceConfig;
}

/** A contrast of whole images, and the share of queries that are nearest to their keys, 0..1. */
export interface InstanceContrast {
  readonly loss: Scalar;
  readonly accuracy: Scalar;
}

/**
 * MoCo's contrast of whole images, which dense methods may have beside their own: features pooled,
 * projected, against a queue.
 */
export interface InstanceBranch {
  readonly head: Network<Tensor2D, Tensor2D>;
  readonly queue: QueueSize;
  /** @param features [B, h, w, C] @returns [B, D] unit rows */
  embed(params: NamedTensors, features: Tensor4D): Tensor2D;
  /** @param q, k [B, D] unit rows @param queue [K, D] unit rows */
  contrast(q: Tensor2D, k: Tensor2D, queue: Tensor2D): InstanceContrast;
}

/** @throws if the temperature is out of range */
export function instanceBranch(
  inputs: number,
  { dimensions, hidden, queueSize, temperature: T, robust }: InstanceConfig,
  name: string,
): InstanceBranch {
  requireTemperature(name, T);
  const head = projectionHead({ inputs, hidden, outputs: dimensions });
  return {
    head,
    queue: { size: queueSize, keysAnImage: 1, dimensions },
    embed: (params, features) =>
      unitRows(head.apply(params, {}, features.mean<Tensor2D>([1, 2]), true).y),
    contrast(q, k, queue) {
      const logits = contrastLogits(q, k, queue, T);
      return { loss: contrastLoss(logits, robust).mean(), accuracy: contrastAccuracy(logits) };
    },
  };
}

/**
 * The loss that embeddings which have collapsed into one give. Random ones give 1/(2 D T^2) more,
 * so a run that is below has learned something. RINCE's cannot tell.
 */
export const instanceChance = ({ queueSize, robust }: InstanceConfig): number | undefined =>
  robust ? undefined : Math.log(1 + queueSize);

/**
 * The loss of random unit embeddings against K random ones: ln(1 + K) + 1 / (2 D T^2). Their
 * cosines have the variance 1 / D, so that e^(cosine / T) is e^(1 / (2 D T^2)) on average, while
 * the positive's cosine is 0 on average. An approximation for many dimensions, some percent low
 * where D T^2 is below 1. Undefined for RINCE, whose scale is another.
 */
export const randomLevel = ({
  queueSize,
  dimensions,
  temperature,
  robust,
}: InstanceConfig): number | undefined =>
  robust ? undefined : Math.log(1 + queueSize) + 1 / (2 * dimensions * temperature ** 2);
