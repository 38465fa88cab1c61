import type { Random } from '@noisy-pairs/imaging';
import { cifar10Classes } from './reader.ts';

/**
 * The labels with exactly round(share * n) of them wrong: which ones is drawn, and each becomes any
 * other class with the same probability. The wrong labels of a smaller share are among those of a
 * larger one.
 * @param random split, not drawn from
 * @throws if the share is not in 0..1.
 */
export function mislabel(labels: Uint8Array, share: number, random: Random): Uint8Array {
  if (!(share >= 0 && share <= 1))
    throw new Error(`mislabelled: expected a number in 0..1, got ${share}`);
  const given = labels.slice();
  const count = Math.round(share * labels.length);
  const chosen = random.split('which').permutation(labels.length).subarray(0, count);
  for (const index of chosen) {
    const another = random.split('wrong', index).int(cifar10Classes.length - 1);
    given[index] = another < (labels[index] as number) ? another : another + 1;
  }
  return given;
}
