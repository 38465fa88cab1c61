import type { NamedTensors, Tensor2D, Tensor4D } from '@noisy-pairs/engine';
import { spread } from './contrast/info-nce.ts';
import {
  instanceBranch,
  instanceChance,
  randomLevel,
  type InstanceConfig,
} from './contrast/instance-branch.ts';
import type { Method } from './method.ts';
import { momentumContrast, type Branch } from './momentum-contrast.ts';
import type { Encoder } from '../networks/network.ts';

export interface MocoConfig extends InstanceConfig {
  /** m of the key encoder, 0..1: k <- m k + (1 - m) q. */
  readonly momentum: number;
}

/**
 * MoCo v2 (He et al. 2020; Chen et al. 2020): InfoNCE of whole images against a queue. State: see
 * momentumContrast; its queue is `queue` [K, D]. Shuffled batch norm is there to hide from keys
 * which queries they share statistics with. On one device there is one group, and none to shuffle
 * between (our assumption); with the encoder's batchNormGroups, keys are grouped across the queries
 * instead (see Encoder.forKeys), which shuffles as well in batches of random order.
 */
export function moco(encoder: Encoder, config: MocoConfig): Method {
  const instance = instanceBranch(encoder.channels, config, 'moco');
  const branch =
    ({ apply }: Pick<Encoder, 'apply'>): Branch =>
    (params: NamedTensors, stats: NamedTensors, x: Tensor4D) => {
      const features = apply(params, stats, x, true); // [B, h, w, C]
      return { outputs: { z: instance.embed(params, features.y) }, stats: features.stats };
    };
  return momentumContrast({
    name: 'moco',
    encoder,
    chanceLoss: instanceChance(config),
    randomLoss: randomLevel(config),
    needsFrame: false,
    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      return { params: { ...params, ...instance.head.init(random.split('head')).params }, stats };
    },
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    queues: { queue: instance.queue },
    symmetric: false,
    loss({ z: q }, { z: k }, { queue }) {
      const { loss, accuracy } = instance.loss(q as Tensor2D, k as Tensor2D, queue as Tensor2D);
      return { loss, metrics: { accuracy, featureStd: spread(q as Tensor2D) } };
    },
    enqueue: ({ z }) => ({ queue: z as Tensor2D }),
  });
}
