import { under, type NamedTensors } from '@noisy-pairs/engine';
import { requireLike, type Shapes } from '../pretraining/checkpoint.ts';
import { hashTensors } from './weight-hash.ts';

/** Weights and batch-norm statistics of an encoder. */
export interface EncoderWeights {
  readonly params: NamedTensors;
  readonly stats: NamedTensors;
}

/**
 * The entries that the encoder has, not copied; a projection head that came with them is left out.
 * @throws if one is missing or of another shape
 */
export function encoderPart(
  { params, stats }: EncoderWeights,
  like: { readonly params: Shapes; readonly stats: Shapes },
): EncoderWeights {
  const part = (tensors: NamedTensors, names: Shapes) =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => name in names));
  const found = { params: part(params, like.params), stats: part(stats, like.stats) };
  requireLike(found.params, like.params);
  requireLike(found.stats, like.stats);
  return found;
}

/** SHA-256 of weights and statistics: equal hashes, equal encoders. */
export async function hashEncoder({ params, stats }: EncoderWeights): Promise<string> {
  return hashTensors({ ...under('params', params), ...under('stats', stats) });
}
