import type { NamedTensors } from '@noisy-pairs/engine';
import { requireLike } from './checkpoint.ts';
import type { EncoderWeights } from './features.ts';

/** The entries that the encoder has, not copied; a projection head that came with them is left out. @throws if one is missing or of another shape */
export function encoderPart({ params, stats }: EncoderWeights, like: EncoderWeights): EncoderWeights {
  const part = (tensors: NamedTensors, names: NamedTensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => name in names));
  const found = { params: part(params, like.params), stats: part(stats, like.stats) };
  requireLike(found.params, like.params);
  requireLike(found.stats, like.stats);
  return found;
}
