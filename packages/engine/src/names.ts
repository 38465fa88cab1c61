import type { NamedTensors } from './gradients.ts';
import type { Tensor } from './tensorflow.ts';

/** The same tensors as `prefix/name`. */
export function under(prefix: string, tensors: NamedTensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

/** The entries under `prefix/`, by their names without it; borrowed. */
export function within(prefix: string, tensors: NamedTensors): Record<string, Tensor> {
  const start = `${prefix}/`;
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith(start)).map(([name, tensor]) => [name.slice(start.length), tensor]));
}
