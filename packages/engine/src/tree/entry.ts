import type { NamedTensors } from './tree.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '../tensorflow.ts';

/** A network's tensor by its name; borrowed. @throws if there is none, or of another rank */
export const entry1d = (tensors: NamedTensors, name: string) => entry(tensors, name, 1) as Tensor1D;
export const entry2d = (tensors: NamedTensors, name: string) => entry(tensors, name, 2) as Tensor2D;
export const entry4d = (tensors: NamedTensors, name: string) => entry(tensors, name, 4) as Tensor4D;

function entry(tensors: NamedTensors, name: string, rank: number): Tensor {
  const tensor = tensors[name];
  if (tensor?.rank !== rank) {
    const got = tensor ? `[${tensor.shape.join(', ')}]` : `none of ${Object.keys(tensors).length}`;
    throw new Error(`${name}: expected a tensor of rank ${rank}, got ${got}`);
  }
  return tensor;
}
