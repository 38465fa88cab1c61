import { movingAverage, tf, under, valueAndGradients, within, type NamedTensors, type Tensor, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { normal } from './initialise.ts';
import { projectionHead } from './heads.ts';
import { infoNce, unitRows } from './info-nce.ts';
import type { Method } from './method.ts';
import type { Encoder } from './network.ts';

export interface MocoConfig {
  /** Length D of an embedding. */
  readonly dimensions: number;
  /** Width of the projection head's hidden layer. */
  readonly hidden: number;
  /** Number K of negatives; at most a quarter to half of the data set. */
  readonly queueSize: number;
  /** m of the key encoder, 0..1: k <- m k + (1 - m) q. */
  readonly momentum: number;
  /** T of the softmax. */
  readonly temperature: number;
}

/**
 * MoCo v2 (He et al. 2020; Chen et al. 2020), order of operations as in facebookresearch/moco `builder.py`. Legend: f_q, f_k query and key encoder with
 * projection head; q, k unit embeddings; K queue size; m key momentum; T temperature; B batch; D dimensions.
 *
 * State: `query/NAME`, `queryStats/NAME`, `key/NAME`, `keyStats/NAME`, `queue` [K, D], newest keys first. The queue is a shift register: the B oldest rows
 * fall out at the end, which the loss cannot tell from a ring, since it does not see the order.
 * Shuffled batch norm is left out: on one device there is no group to shuffle between (our assumption).
 */
export function moco(encoder: Encoder, config: MocoConfig): Method {
  const { dimensions: D, hidden, queueSize: K, momentum: m, temperature: T } = config;
  if (!(T > 0)) throw new Error(`moco temperature: expected a number above 0, got ${T}`);
  if (!(m >= 0 && m <= 1)) throw new Error(`moco momentum: expected a number in 0..1, got ${m}`);
  if (!Number.isInteger(K) || K < 1) throw new Error(`moco queueSize: expected a positive whole number, got ${K}`);
  const head = projectionHead({ inputs: encoder.channels, hidden, outputs: D });

  /** x [B, S, S, 3] -> unit embeddings [B, D], by batch statistics. */
  const embed = (params: NamedTensors, stats: NamedTensors, x: Tensor4D) => {
    const features = encoder.apply(params, stats, x, true); // [B, h, w, C]
    const { y } = head.apply(params, {}, features.y.mean([1, 2]), true); // [B, D]
    return { z: unitRows(y as Tensor2D), stats: features.stats };
  };

  // Names do not depend on the values, so a throw-away start tells them.
  const trainable = tf.tidy(() => {
    const { params } = encoder.init(Random.from(0));
    return Object.keys(under('query', { ...params, ...head.init(Random.from(0)).params }));
  });

  return {
    name: 'moco',
    // What a collapsed encoder gives. Random embeddings give 1/(2 D T^2) more, so a run that is below this has learned something.
    chanceLoss: Math.log(1 + K),
    trainable,

    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      const query: NamedTensors = { ...params, ...head.init(random.split('head')).params };
      const copy = (tensors: NamedTensors) => Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, tf.mul(t, 1)])); // clone() would share memory
      const queue = tf.tidy(() => {
        const rows = normal(random.split('queue'), [K, D], 1);
        return rows.div<Tensor2D>(rows.norm(2, 1, true));
      });
      return { ...under('query', query), ...under('queryStats', stats), ...under('key', copy(query)), ...under('keyStats', copy(stats)), queue };
    },

    forward(state, inputs) {
      return tf.tidy(() => {
        const query = within('query', state);
        const queue = state['queue'] as Tensor2D;
        const batch = inputs.query.shape[0];
        if (batch > K) throw new Error(`moco: expected a batch of at most the queue's ${K}, got ${batch}`);
        // Key encoder: parameters follow the query's, batch-norm statistics are its own; no gradient.
        const key = Object.fromEntries(Object.entries(within('key', state)).map(([name, t]) => [name, movingAverage(t, query[name] as Tensor, m)]));
        const { z: k, stats: keyStats } = embed(key, within('keyStats', state), inputs.key); // [B, D]

        const { loss, aux, gradients } = valueAndGradients((params) => {
          const { z: q, stats } = embed(params, within('queryStats', state), inputs.query); // [B, D]
          const { loss: value, accuracy } = infoNce(q, k, queue, T); // the queue before this batch
          // 1 when embeddings fill the sphere, 0 when they have collapsed into one.
          const featureStd = tf.moments(q, 0).variance.sqrt().mean().mul(Math.sqrt(D));
          return { loss: value, aux: { ...under('queryStats', stats), accuracy, featureStd } };
        }, query);

        const { accuracy, featureStd, ...queryStats } = aux;
        return {
          gradients: under('query', gradients),
          updates: {
            ...queryStats,
            ...under('key', key),
            ...under('keyStats', keyStats),
            queue: tf.concat([k, queue.slice([0, 0], [K - batch, D])], 0),
          },
          metrics: { loss, accuracy: accuracy as Tensor, featureStd: featureStd as Tensor },
        };
      });
    },
  };
}
