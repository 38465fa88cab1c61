import type { NamedTensors, Tensor } from '@noisy-pairs/engine';

/** The entries under `prefix/`, without it; borrowed. */
export function within(prefix: string, tensors: NamedTensors): NamedTensors {
  const start = `${prefix}/`;
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith(start)).map(([name, t]) => [name.slice(start.length), t]));
}

/** The same tensors under `prefix/name`. */
export function under(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [`${prefix}/${name}`, t]));
}

/** Frees what a step replaced; entries that it handed on stay. */
export function disposeReplaced(old: NamedTensors, next: NamedTensors): void {
  const kept = new Set<Tensor>(Object.values(next));
  for (const tensor of Object.values(old)) {
    if (!kept.has(tensor)) tensor.dispose();
  }
}
