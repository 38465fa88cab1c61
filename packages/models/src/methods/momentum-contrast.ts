import {
  mapTree,
  movingAverage,
  tf,
  valueAndGradients,
  zipTree,
  type NamedTensors,
  type Scalar,
  type Tensor4D,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { Encoder, Network } from '../networks/network.ts';
import {
  checkQueues,
  shiftQueues,
  startQueues,
  type Queues,
  type QueueSizes,
} from './contrast/queues.ts';
import type { ExtraSpecs, Method, MethodInputs, NoExtras, StepExtras } from './method.ts';

/** State of a method with a momentum encoder. */
export type ContrastState<Q extends Queues = Queues> = {
  readonly query: NamedTensors;
  readonly queryStats: NamedTensors;
  /** Moving averages of the query's parameters. */
  readonly key: NamedTensors;
  /** The key network's own: batch-norm statistics are not averaged. */
  readonly keyStats: NamedTensors;
  readonly queues: Q;
};

/**
 * A network's outputs for views x [B, V, V, 3], by batch statistics, and its new running
 * statistics.
 */
export type Branch<Outputs> = (
  params: NamedTensors,
  stats: NamedTensors,
  x: Tensor4D,
) => { outputs: Outputs; stats: NamedTensors };

/** A part of the networks besides the encoder. */
export interface ContrastHead extends Pick<Network, 'init'> {
  /** Whether the key network goes without it. Default false. */
  readonly queryOnly?: boolean;
}

/** A loss, and scalars that tell of it. */
interface ContrastLoss {
  readonly loss: Scalar;
  readonly metrics: NamedTensors;
}

/** The parts in which methods with a momentum encoder differ. */
export interface ContrastParts<Outputs, Q extends Queues, Specs extends ExtraSpecs> {
  readonly name: string;
  readonly config: object;
  readonly encoder: Encoder;
  readonly chanceLoss: number | undefined;
  readonly randomLoss: number | undefined;
  readonly needsFrame: boolean;
  readonly extras?: StepExtras<Specs>;
  /** By name, from which each head's random start is drawn. */
  readonly heads: Readonly<Record<string, ContrastHead>>;
  readonly queues: QueueSizes<Q>;
  readonly imageQueue?: keyof Q & string;
  readonly query: Branch<Outputs>;
  readonly key: Branch<Outputs>;
  /** m of the key network, 0..1: k <- m k + (1 - m) q. */
  readonly momentum: number;
  /** m of this step, where it changes along the run. */
  momentumNow?(extras: TensorsOf<Specs>): Scalar;
  /** Each view is query and key once, if present. */
  readonly symmetric?: {
    /** How the losses of the two directions are put together. */
    readonly total: 'sum' | 'mean';
    /** The extras with what belongs to query and key exchanged. */
    exchanged(extras: TensorsOf<Specs>): TensorsOf<Specs>;
  };
  /**
   * The loss of one direction.
   * @param q, k outputs of the two networks
   * @param queues as they were before this step
   */
  loss(q: Outputs, k: Outputs, queues: Q, extras: TensorsOf<Specs>): ContrastLoss;
  /** New rows for the queues, out of the keys' outputs, [rows, D] each. */
  enqueue(k: Outputs, extras: TensorsOf<Specs>): Q;
}

/**
 * A method whose keys come from a moving average of the query network (He et al. 2020), order of
 * operations as in facebookresearch/moco `builder.py`: key parameters follow the query's, keys
 * without gradient, loss against the queues as they were, keys into the queues.
 * @throws if the momentum or a queue's size is out of range
 */
export function momentumContrast<Outputs, Q extends Queues, Specs extends ExtraSpecs = NoExtras>(
  parts: ContrastParts<Outputs, Q, Specs>,
): Method<ContrastState<Q>, Specs> {
  const { name, config, encoder, chanceLoss, randomLoss, needsFrame, extras, imageQueue } = parts;
  if (!(parts.momentum >= 0 && parts.momentum <= 1))
    throw new Error(`${name} momentum: expected a number in 0..1, got ${parts.momentum}`);
  checkQueues(name, parts.queues);
  return {
    name,
    config,
    encoder,
    chanceLoss,
    randomLoss,
    needsFrame,
    queues: parts.queues,
    ...(imageQueue === undefined ? {} : { imageQueue }),
    ...(extras ? { extras } : {}),
    init: (random) => tf.tidy(() => startState(parts, random)),
    forward: (state, inputs) => tf.tidy(() => contrast(parts, state, inputs)),
  };
}

/** The query network at random, the key network like it, and queues of random keys. */
function startState<Outputs, Q extends Queues, Specs extends ExtraSpecs>(
  { encoder, heads, queues }: ContrastParts<Outputs, Q, Specs>,
  random: Random,
): ContrastState<Q> {
  const encoded = encoder.init(random.split('encoder'));
  const drawn = Object.entries(heads).map(([name, head]) => ({
    ...head.init(random.split(name)),
    shared: !head.queryOnly,
  }));
  const shared = drawn.filter((head) => head.shared);
  const joined = (branch: 'params' | 'stats', parts: typeof drawn): NamedTensors =>
    Object.assign({}, encoded[branch], ...parts.map((part) => part[branch])) as NamedTensors;
  const copied = (tensors: NamedTensors) => mapTree(tensors, (t) => tf.mul(t, 1)); // a clone shares
  return {
    query: joined('params', drawn),
    queryStats: joined('stats', drawn),
    key: copied(joined('params', shared)),
    keyStats: copied(joined('stats', shared)),
    queues: startQueues(queues, random),
  };
}

function contrast<Outputs, Q extends Queues, Specs extends ExtraSpecs>(
  parts: ContrastParts<Outputs, Q, Specs>,
  state: ContrastState<Q>,
  { query: queryViews, key: keyViews, extras }: MethodInputs<Specs>,
) {
  const { name, symmetric, momentum } = parts;
  const m = parts.momentumNow?.(extras) ?? momentum;
  const key = zipTree(state.key, state.query, (k, q) => movingAverage(k, q, m));

  // A second view in turn goes on with the running statistics that the first left.
  const k = parts.key(key, state.keyStats, keyViews);
  const back = symmetric && { ...symmetric, k: parts.key(key, k.stats, queryViews) };

  const { loss, aux, gradients } = valueAndGradients((query) => {
    const q = parts.query(query, state.queryStats, queryViews);
    if (!back) {
      const { loss, metrics } = parts.loss(q.outputs, k.outputs, state.queues, extras);
      return { loss, aux: { queryStats: q.stats, metrics } };
    }
    const q2 = parts.query(query, q.stats, keyViews);
    const directions = [
      parts.loss(q.outputs, k.outputs, state.queues, extras),
      parts.loss(q2.outputs, back.k.outputs, state.queues, back.exchanged(extras)),
    ] as const;
    const { loss, metrics } = together(directions, back.total);
    return { loss, aux: { queryStats: q2.stats, metrics } };
  }, state.query);

  return {
    gradients,
    updates: {
      queryStats: aux.queryStats,
      key,
      keyStats: (back?.k ?? k).stats,
      queues: shiftQueues(name, state.queues, parts.enqueue(k.outputs, extras)),
    },
    metrics: { loss, ...aux.metrics },
  };
}

/** The loss of two directions, and the means of what they tell. */
function together(
  [there, back]: readonly [ContrastLoss, ContrastLoss],
  total: 'sum' | 'mean',
): ContrastLoss {
  const sum = there.loss.add<Scalar>(back.loss);
  return {
    loss: total === 'mean' ? sum.div(2) : sum,
    metrics: zipTree(there.metrics, back.metrics, (a, b) => a.add(b).div(2)),
  };
}
