import { mapTree, tf, type NamedTensors } from '@noisy-pairs/engine';
import type { Method, MethodState, NetworkState } from '@noisy-pairs/models';
import { encoderPart, hashEncoder } from '../encoders/encoder-weights.ts';

/** The part of some weights that an encoder has, and its hash. */
export interface GivenEncoder {
  readonly weights: NetworkState;
  readonly hash: string;
}

/**
 * The part of some weights that a method's encoder has, borrowed.
 * @throws listing what is missing or of another shape
 */
export async function startingEncoder(
  { encoder, name }: Method,
  weights: NetworkState,
): Promise<GivenEncoder> {
  try {
    const part = encoderPart(weights, encoder);
    return { weights: part, hash: await hashEncoder(part) };
  } catch (error) {
    throw new Error(`start of ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * A method's state with the given encoder in the query's and the key's place; heads and queues stay
 * as they are.
 * @param state handed over: what is replaced is freed
 * @param encoder borrowed, as startingEncoder gives it
 */
export function withEncoder(
  { query, queryStats, key, keyStats, ...others }: MethodState,
  { params, stats }: NetworkState,
): MethodState {
  return {
    query: replaced(query, params),
    queryStats: replaced(queryStats, stats),
    ...(key && { key: replaced(key, params) }),
    ...(keyStats && { keyStats: replaced(keyStats, stats) }),
    ...others,
  };
}

/** Copies of what is given in the place of tensors of its names, which are freed. */
function replaced(tensors: NamedTensors, given: NamedTensors): NamedTensors {
  return mapTree(tensors, (tensor, name) => {
    const replacement = given[name];
    if (!replacement) return tensor;
    tensor.dispose();
    return tf.mul(replacement, 1); // clone() would share memory
  });
}
