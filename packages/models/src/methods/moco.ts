import type { Tensor2D } from '@noisy-pairs/engine';
import type { Encoder } from '../networks/network.ts';
import { spread } from './contrast/info-nce.ts';
import {
  instanceBranch,
  instanceChance,
  randomLevel,
  type InstanceConfig,
} from './contrast/instance-branch.ts';
import type { Method, NoExtras } from './method.ts';
import { momentumContrast, type Branch, type ContrastState } from './momentum-contrast.ts';

export interface MocoConfig extends InstanceConfig {
  /** m of the key encoder, 0..1: k <- m k + (1 - m) q. */
  readonly momentum: number;
}

/** Embeddings of images, [B, D] unit rows. */
type Outputs = { readonly z: Tensor2D };

/** [K, D]. */
type MocoQueues = { readonly queue: Tensor2D };

/**
 * MoCo v2 (He et al. 2020; Chen et al. 2020): InfoNCE of whole images against a queue. Shuffled
 * batch norm is there to hide from keys which queries they share statistics with. On one device
 * there is one group, and none to shuffle between (our assumption); with the encoder's
 * batchNormGroups, keys are grouped across the queries instead (see Encoder.forKeys), which
 * shuffles as well in batches of random order.
 */
export function moco(
  encoder: Encoder,
  config: MocoConfig,
): Method<ContrastState<MocoQueues>, NoExtras> {
  const instance = instanceBranch(encoder.channels, config, 'moco');
  const branch =
    ({ apply }: Pick<Encoder, 'apply'>): Branch<Outputs> =>
    (params, stats, x) => {
      const features = apply(params, stats, x, true); // [B, h, w, C]
      return { outputs: { z: instance.embed(params, features.y) }, stats: features.stats };
    };
  return momentumContrast<Outputs, MocoQueues>({
    name: 'moco',
    config,
    encoder,
    chanceLoss: instanceChance(config),
    randomLoss: randomLevel(config),
    needsFrame: false,
    heads: { head: instance.head },
    queues: { queue: instance.queue },
    imageQueue: 'queue',
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    loss({ z: q }, { z: k }, { queue }) {
      const { loss, accuracy } = instance.contrast(q, k, queue);
      return { loss, metrics: { accuracy, featureStd: spread(q) } };
    },
    enqueue: ({ z: k }) => ({ queue: k }),
  });
}
