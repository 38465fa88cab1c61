import type { NamedTensors, Tensor } from '@noisy-pairs/engine';

/** Frees what a step replaced; entries that it handed on stay. */
export function disposeReplaced(old: NamedTensors, next: NamedTensors): void {
  const kept = new Set<Tensor>(Object.values(next));
  for (const tensor of Object.values(old)) {
    if (!kept.has(tensor)) tensor.dispose();
  }
}
