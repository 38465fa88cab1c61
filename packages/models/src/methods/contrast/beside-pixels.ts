import type { NamedTensors, Scalar, Tensor2D, Tensor4D } from '@noisy-pairs/engine';
import type { ContrastHead } from '../momentum-contrast.ts';
import { instanceBranch, type InstanceConfig, type InstanceContrast } from './instance-branch.ts';
import { checkInstanceWeight, weighedLoss, type InstanceWeight } from './instance-weight.ts';
import type { QueueSizes } from './queues.ts';

/** Embeddings of whole images, [B, D] unit rows. */
export type ImageOutputs = { readonly z?: Tensor2D };

/** The queue of whole images, [K, D]. */
export type ImageQueue = { readonly queue?: Tensor2D };

/** MoCo's contrast of whole images beside one of pixels; all of it is empty at weight 0. */
export interface BesidePixels {
  readonly heads: Readonly<Record<string, ContrastHead>>;
  readonly queues: QueueSizes<ImageQueue>;
  /** Name of the queue, for a method's `imageQueue`. */
  readonly imageQueue?: 'queue';
  /** @param features [B, h, w, C] */
  embed(params: NamedTensors, features: Tensor4D): ImageOutputs;
  /**
   * A loss of pixels with that of images at their weights.
   * @returns the loss of both, and the contrast of images alone
   */
  loss(
    pixels: Scalar,
    q: ImageOutputs,
    k: ImageOutputs,
    queues: ImageQueue,
  ): { readonly loss: Scalar; readonly images?: InstanceContrast };
  enqueue(k: ImageOutputs): ImageQueue;
}

/** @throws naming what is out of range */
export function besidePixels(
  inputs: number,
  config: InstanceConfig & InstanceWeight,
  name: string,
): BesidePixels {
  checkInstanceWeight(name, config);
  const { instanceWeight: w } = config;
  if (w === 0) return noImages;
  const instance = instanceBranch(inputs, config, name);
  return {
    heads: { head: instance.head },
    queues: { queue: instance.queue },
    imageQueue: 'queue',
    embed: (params, features) => ({ z: instance.embed(params, features) }),
    loss(pixels, q, k, { queue }) {
      if (!q.z || !k.z || !queue)
        throw new Error(`${name}: expected embeddings of images, got none`);
      const images = instance.contrast(q.z, k.z, queue);
      return { loss: weighedLoss(w, images.loss, pixels), images };
    },
    enqueue: ({ z }) => (z ? { queue: z } : {}),
  };
}

const noImages: BesidePixels = {
  heads: {},
  queues: {},
  embed: () => ({}),
  loss: (pixels) => ({ loss: pixels }),
  enqueue: () => ({}),
};
