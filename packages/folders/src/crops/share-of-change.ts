import { ignoreLabel } from '@noisy-pairs/pairs';

/** Changed pixels over those that are known; null where none is. */
export function shareOfChange(labels: Uint8Array): number | null {
  let [changed, known] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label === ignoreLabel) continue;
    known++;
    changed += label;
  }
  return known === 0 ? null : changed / known;
}
