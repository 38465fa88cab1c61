import {
  movingAverage,
  tf,
  under,
  valueAndGradients,
  within,
  type NamedTensors,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { normal } from '../networks/initialise.ts';
import type { Method, MethodInputs, StepExtras } from './method.ts';
import type { Encoder, NetworkState } from '../networks/network.ts';

/**
 * A network's named outputs for views x [B, V, V, 3], by batch statistics, and its new running
 * statistics.
 */
export type Branch = (
  params: NamedTensors,
  stats: NamedTensors,
  x: Tensor4D,
) => { outputs: NamedTensors; stats: NamedTensors };

/** What tells one method with a momentum encoder from another. */
export interface ContrastParts {
  readonly name: string;
  readonly encoder: Encoder;
  readonly chanceLoss: number | undefined;
  readonly randomLoss: number | undefined;
  readonly needsFrame: boolean;
  readonly extras?: StepExtras;
  /** Of the query network, heads included. */
  init(random: Random): NetworkState;
  readonly query: Branch;
  readonly key: Branch;
  /** Parameters and statistics of the query network that the key network has not. Default none. */
  queryOnly?(name: string): boolean;
  /** m of the key network, 0..1: k <- m k + (1 - m) q; or the extra input `keyMomentum`. */
  readonly momentum: number | 'keyMomentum';
  /** Negatives by name: [K, D], random unit vectors at first, then the newest keys. */
  readonly queues: Readonly<Record<string, { readonly size: number; readonly dimensions: number }>>;
  /** Whether each view is query and key once, and how the two losses are put together. */
  readonly symmetric: false | 'sum' | 'mean';
  /**
   * Of one direction.
   * @param q, k outputs of the two networks
   * @param queues as they were before this step
   * @param extras of the method, with `queryFrame` and `keyFrame` exchanged for the second
   *   direction
   */
  loss(
    q: NamedTensors,
    k: NamedTensors,
    queues: NamedTensors,
    extras: NamedTensors,
  ): { loss: Scalar; metrics: NamedTensors };
  /** What goes into the queues of the keys' outputs, [rows, D] each. */
  enqueue(k: NamedTensors, extras: NamedTensors): Readonly<Record<string, Tensor2D>>;
}

/**
 * A method whose keys come from a moving average of the query network (He et al. 2020), order of
 * operations as in facebookresearch/moco `builder.py`: key parameters follow the query's, keys
 * without gradient, loss against the queues as they were, keys into the queues.
 *
 * State: `query/NAME`, `queryStats/NAME`, `key/NAME`, `keyStats/NAME`, and the queues, newest keys
 * first. A queue is a shift register: the oldest rows fall out at the end, which the loss cannot
 * tell from a ring, since it does not see the order. Key parameters are averaged, batch-norm
 * statistics are the key network's own.
 */
export function momentumContrast(parts: ContrastParts): Method {
  const {
    name,
    encoder,
    chanceLoss,
    randomLoss,
    needsFrame,
    momentum: m,
    queues,
    symmetric,
  } = parts;
  const queryOnly = (entry: string) => parts.queryOnly?.(entry) ?? false;
  if (typeof m === 'number' && !(m >= 0 && m <= 1))
    throw new Error(`${name} momentum: expected a number in 0..1, got ${m}`);
  for (const [queue, { size }] of Object.entries(queues))
    if (!Number.isInteger(size) || size < 1)
      throw new Error(`${name} ${queue} size: expected a positive whole number, got ${size}`);
  // Names do not depend on the values, so a throw-away start tells them.
  const trainable = tf.tidy(() => Object.keys(under('query', parts.init(Random.from(0)).params)));

  return {
    name,
    encoder,
    chanceLoss,
    randomLoss,
    needsFrame,
    trainable,
    ...(parts.extras ? { extras: parts.extras } : {}),

    init(random) {
      const { params, stats } = parts.init(random);
      const copy = (tensors: NamedTensors) =>
        Object.fromEntries(
          Object.entries(tensors)
            .filter(([entry]) => !queryOnly(entry))
            .map(([entry, t]) => [entry, tf.mul(t, 1)]),
        ); // clone() would share memory
      const rows = Object.entries(queues).map(
        ([queue, { size, dimensions }]) =>
          [
            queue,
            tf.tidy(() => {
              const values = normal(random.split(queue), [size, dimensions], 1);
              return values.div<Tensor2D>(values.norm(2, 1, true));
            }),
          ] as const,
      );
      return {
        ...under('query', params),
        ...under('queryStats', stats),
        ...under('key', copy(params)),
        ...under('keyStats', copy(stats)),
        ...Object.fromEntries(rows),
      };
    },

    forward(state, { query: queryViews, key: keyViews, extras = {} }: MethodInputs) {
      return tf.tidy(() => {
        const query = within('query', state);
        const before = Object.fromEntries(
          Object.keys(queues).map((queue) => [queue, state[queue] as Tensor]),
        );
        const share = m === 'keyMomentum' ? (extras['keyMomentum'] as Scalar) : m;
        const key = Object.fromEntries(
          Object.entries(within('key', state)).map(([entry, t]) => [
            entry,
            movingAverage(t, query[entry] as Tensor, share),
          ]),
        );
        const { outputs: keys, stats: keyStats } = inTurn(
          parts.key,
          key,
          within('keyStats', state),
          symmetric ? [keyViews, queryViews] : [keyViews],
        );

        const { loss, aux, gradients } = valueAndGradients((params) => {
          const { outputs, stats } = inTurn(
            parts.query,
            params,
            within('queryStats', state),
            symmetric ? [queryViews, keyViews] : [queryViews],
          );
          const terms = outputs.map((q, i) =>
            parts.loss(q, keys[i] as NamedTensors, before, i === 0 ? extras : exchanged(extras)),
          );
          const sum = terms.map((term) => term.loss).reduce((a, b) => a.add<Scalar>(b));
          const means = Object.fromEntries(
            Object.keys(terms[0]?.metrics ?? {}).map((metric) => [
              metric,
              terms
                .map((term) => term.metrics[metric] as Tensor)
                .reduce((a, b) => a.add(b))
                .div(terms.length),
            ]),
          );
          return {
            loss: symmetric === 'mean' ? sum.div<Scalar>(2) : sum,
            aux: { ...under('queryStats', stats), ...under('metrics', means) },
          };
        }, query);

        const added = parts.enqueue(keys[0] as NamedTensors, extras);
        return {
          gradients: under('query', gradients),
          updates: {
            ...Object.fromEntries(
              Object.entries(aux).filter(([entry]) => entry.startsWith('queryStats/')),
            ),
            ...under('key', key),
            ...under('keyStats', keyStats),
            ...Object.fromEntries(
              Object.entries(queues).map(([queue, { size }]) => [
                queue,
                shifted(name, queue, before[queue] as Tensor2D, added[queue] as Tensor2D, size),
              ]),
            ),
          },
          metrics: { loss, ...within('metrics', aux) },
        };
      });
    },
  };
}

/** One view after another, each continuing the running statistics of the one before. */
function inTurn(
  branch: Branch,
  params: NamedTensors,
  stats: NamedTensors,
  views: readonly Tensor4D[],
): { outputs: NamedTensors[]; stats: NamedTensors } {
  let current = stats;
  const outputs = views.map((x) => {
    const result = branch(params, current, x);
    current = result.stats;
    return result.outputs;
  });
  return { outputs, stats: current };
}

function exchanged({ queryFrame, keyFrame, ...others }: NamedTensors): NamedTensors {
  return {
    ...others,
    ...(queryFrame && keyFrame ? { queryFrame: keyFrame, keyFrame: queryFrame } : {}),
  };
}

function shifted(
  method: string,
  name: string,
  queue: Tensor2D,
  rows: Tensor2D,
  size: number,
): Tensor2D {
  const [count] = rows.shape;
  if (count > size)
    throw new Error(
      `${method}: expected at most the ${size} keys a step that ${name} holds, got ${count}`,
    );
  return tf.concat([rows, queue.slice([0, 0], [size - count, -1])], 0);
}
