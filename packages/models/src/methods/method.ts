import {
  within,
  type InputSpec,
  type InputValue,
  type NamedTensors,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { Encoder, NetworkState } from '../networks/network.ts';

/** What the host knows of a step besides the pixels. */
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

/** Inputs that a method wants besides the views, made on the host for each step. */
export interface StepExtras {
  /** @param batch B @param viewSize V */
  specs(batch: number, viewSize: number): Record<string, InputSpec>;
  values(context: StepContext): Record<string, InputValue>;
}

/** What a method sees of a batch. */
export interface MethodInputs {
  /** Two views of each pair, [B, V, V, 3], normalised. */
  readonly query: Tensor4D;
  readonly key: Tensor4D;
  /** As the method's `extras` give them; absent for a method without. */
  readonly extras?: NamedTensors;
}

/** A contrastive method: pure functions over named tensors. The optimiser is not its business. */
export interface Method {
  readonly name: string;
  /**
   * What is pretrained: the entries `query/NAME` and `key/NAME` of its parameters,
   * `queryStats/NAME` and `keyStats/NAME` of its statistics; the others are the heads'.
   */
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
  readonly extras?: StepExtras;
  /** Fresh state, owned by the caller. */
  init(random: Random): NamedTensors;
  /** Names of the state entries that gradients are for, `query/...`. */
  readonly trainable: readonly string[];
  /**
   * One forward and backward pass. Borrows its arguments; the results are the caller's.
   * @returns gradients by trainable name, replacements for the other state entries, and scalar
   *   metrics: `loss`, `featureStd` (1 when embeddings fill the sphere, 0 when they have collapsed
   *   into one), and what else the method can tell
   */
  forward(
    state: NamedTensors,
    inputs: MethodInputs,
  ): { gradients: NamedTensors; updates: NamedTensors; metrics: NamedTensors };
}

/** The query encoder (with its head's parameters) out of a method's state; borrowed. */
export function encoderState(state: NamedTensors): NetworkState {
  return { params: within('query', state), stats: within('queryStats', state) };
}
