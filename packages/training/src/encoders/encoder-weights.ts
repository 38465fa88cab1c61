import { flattenTree, requireLike, tf, type NamedTensors } from '@noisy-pairs/engine';
import type { Encoder, NetworkState } from '@noisy-pairs/models';
import { hashTensors } from './weight-hash.ts';

type Named = Pick<Encoder, 'shapes'>;

/**
 * The entries that the encoder names, not copied; heads that came with them are left out.
 * @throws if one is missing or of another shape
 */
export function encoderPart({ params, stats }: NetworkState, { shapes }: Named): NetworkState {
  return { params: part(params, shapes.params), stats: part(stats, shapes.stats) };
}

function part(tensors: NamedTensors, shapes: Encoder['shapes']['params']): NamedTensors {
  const found = Object.fromEntries(Object.entries(tensors).filter(([name]) => name in shapes));
  requireLike(found, shaped(shapes));
  return found;
}

/** The same shapes as requireLike takes them. */
export function shaped(
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, { readonly shape: readonly number[] }> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
}

/** An encoder of zeros, for a place whose weights come later; the caller's. */
export function blankEncoder({ shapes }: Named): NetworkState {
  const zeros = (of: Encoder['shapes']['params']) =>
    Object.fromEntries(Object.entries(of).map(([name, shape]) => [name, tf.zeros([...shape])]));
  return { params: zeros(shapes.params), stats: zeros(shapes.stats) };
}

/** SHA-256 of weights and statistics: equal hashes, equal encoders. */
export async function hashEncoder(encoder: NetworkState): Promise<string> {
  return hashTensors(flattenTree(encoder));
}
