import type {
  InputSpec,
  NamedTensors,
  Tensor2D,
  Tensor4D,
  TensorsOf,
  ValuesOf,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { Encoder, NetworkState } from '../networks/network.ts';
import type { QueueFill } from './contrast/queues.ts';

/** A step as the host knows it, besides the pixels. */
export interface StepContext {
  /**
   * Where both images' views lie in the one coordinate frame that the images share, [B, 6] each, as
   * viewFrames of @noisy-pairs/pairs gives them.
   */
  readonly frames: { readonly query: Float32Array; readonly key: Float32Array };
  /** V, edge of the views in pixels. */
  readonly viewSize: number;
  /** Share of the run that is done, 0..1. */
  readonly progress: number;
  /** For this step alone. */
  readonly random: Random;
}

/** Inputs by name, as they are declared. */
export type ExtraSpecs = Readonly<Record<string, InputSpec>>;

/** Inputs that a method wants besides the views, made on the host for each step. */
export interface StepExtras<Specs extends ExtraSpecs = ExtraSpecs> {
  /** @param batch B @param viewSize V */
  specs(batch: number, viewSize: number): Specs;
  values(context: StepContext): ValuesOf<Specs>;
}

/** No inputs but the views. */
export type NoExtras = Readonly<Record<string, never>>;

/** A batch as a method sees it. */
export interface MethodInputs<Specs extends ExtraSpecs = ExtraSpecs> {
  /** Two views of each pair, [B, V, V, 3], normalised. */
  readonly query: Tensor4D;
  readonly key: Tensor4D;
  /** As the method's `extras` give them; none for a method without. */
  readonly extras: TensorsOf<Specs>;
}

/** Tensors that a method goes on with from step to step; each method has a type of its own. */
export type MethodState = {
  /** Parameters of the encoder and of what heads it has: what gradients are for. */
  readonly query: NamedTensors;
  /** Their batch-norm statistics. */
  readonly queryStats: NamedTensors;
  /** The same of the network that makes keys, where it is another. */
  readonly key?: NamedTensors;
  readonly keyStats?: NamedTensors;
  /** Earlier keys by the queue's name, [K, D] each, the newest first. */
  readonly queues?: Readonly<Record<string, Tensor2D>>;
};

/** A contrastive method: pure functions over trees of tensors. Optimisers are not its business. */
export interface Method<
  State extends MethodState = MethodState,
  Specs extends ExtraSpecs = ExtraSpecs,
> {
  readonly name: string;
  /** The configuration that it was made by, besides the encoder: JSON-safe. */
  readonly config: object;
  /** The network that is pretrained: the entries that it names; others are heads'. */
  readonly encoder: Encoder;
  /**
   * The lowest loss that embeddings which know nothing can have, to tell a run that has not
   * learned; undefined where the loss cannot tell.
   */
  readonly chanceLoss: number | undefined;
  /**
   * The loss of random unit embeddings, which is above chanceLoss; undefined where it depends on
   * more than the configuration, or the way from it tells nothing (see randomLevel).
   */
  readonly randomLoss: number | undefined;
  /**
   * Whether it must know which pixels of the two images show the same place, so that these need one
   * coordinate frame.
   */
  readonly needsFrame: boolean;
  /** Its queues by name; absent where there are none. */
  readonly queues?: Readonly<Record<string, QueueFill>>;
  /** Name of the queue that gets one key of each whole image; absent where there is none. */
  readonly imageQueue?: string;
  readonly extras?: StepExtras<Specs>;
  /** Fresh state, owned by the caller. */
  init(random: Random): State;
  /**
   * One forward and backward pass. Borrows its arguments; the results are the caller's.
   * @returns gradients of `query`; new values of the state's other branches; and scalar metrics:
   *   `loss`, `featureStd` (1 when embeddings fill the sphere, 0 when they have collapsed into
   *   one), and what else the method can tell
   */
  forward(
    state: State,
    inputs: MethodInputs<Specs>,
  ): { gradients: NamedTensors; updates: Omit<State, 'query'>; metrics: NamedTensors };
}

/** The query encoder (with its heads' parameters) out of a method's state; borrowed. */
export function encoderState({
  query,
  queryStats,
}: Pick<MethodState, 'query' | 'queryStats'>): NetworkState {
  return { params: query, stats: queryStats };
}
