import { tf, type Tensor } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';

/** Normal values of the given standard deviation, drawn from `random`. */
export function normal(random: Random, shape: number[], deviation: number): Tensor {
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
  return tf.tensor(values, shape);
}

/**
 * He et al. 2015, fan-out mode, as torchvision initialises ResNets.
 * @param shape [kh, kw, in, out]
 */
export function kaimingFanOut(random: Random, shape: [number, number, number, number]): Tensor {
  return normal(random, shape, Math.sqrt(2 / (shape[0] * shape[1] * shape[3])));
}

/** torch's default for linear layers: U(-1/sqrt(in), 1/sqrt(in)). */
export function uniformFanIn(random: Random, shape: number[], inputs: number): Tensor {
  const bound = 1 / Math.sqrt(inputs);
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  for (let i = 0; i < values.length; i++) values[i] = random.range(-bound, bound);
  return tf.tensor(values, shape);
}
