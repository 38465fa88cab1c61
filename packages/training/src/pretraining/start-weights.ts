import { tf, type NamedTensors, type Tensor } from '@noisy-pairs/engine';
import type { Method } from '@noisy-pairs/models';
import { encoderPart, hashEncoder, type EncoderWeights } from '../encoders/encoder-weights.ts';

/**
 * The part of some weights that a method's encoder has, borrowed, and its hash.
 * @throws listing what is missing or of another shape
 */
export async function startingEncoder(
  { encoder, name }: Method,
  weights: EncoderWeights,
): Promise<{ readonly weights: EncoderWeights; readonly hash: string }> {
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
export function withEncoder(state: NamedTensors, { params, stats }: EncoderWeights): NamedTensors {
  const places: [string, NamedTensors][] = [
    ['query', params],
    ['key', params],
    ['queryStats', stats],
    ['keyStats', stats],
  ];
  const given = new Map(
    places.flatMap(([prefix, tensors]) =>
      Object.entries(tensors).map(([name, tensor]): [string, Tensor] => [
        `${prefix}/${name}`,
        tensor,
      ]),
    ),
  );
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => {
      const replacement = given.get(name);
      if (!replacement) return [name, tensor];
      tensor.dispose();
      return [name, tf.mul(replacement, 1)]; // clone() would share memory
    }),
  );
}
