import { within, type NamedTensors, type Tensor4D } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { NetworkState } from './network.ts';

/** A contrastive method: pure functions over named tensors. The optimiser is not its business. */
export interface Method {
  readonly name: string;
  /** The lowest loss that embeddings which know nothing can have, to tell a run that has not learned. */
  readonly chanceLoss: number;
  /** Fresh state, owned by the caller. */
  init(random: Random): NamedTensors;
  /** Names of the state entries that gradients are for, `query/...`. */
  readonly trainable: readonly string[];
  /**
   * One forward and backward pass. Borrows its arguments; the results are the caller's.
   * @param inputs two views of each pair, [B, V, V, 3], normalised
   * @returns gradients by trainable name, replacements for the other state entries, and scalar metrics, `loss` among them
   */
  forward(state: NamedTensors, inputs: { query: Tensor4D; key: Tensor4D }): { gradients: NamedTensors; updates: NamedTensors; metrics: NamedTensors };
}

/** The query encoder (with its head's parameters) out of a method's state; borrowed. */
export function encoderState(state: NamedTensors): NetworkState {
  return { params: within('query', state), stats: within('queryStats', state) };
}
