import type { ClusteredAuroc, Share } from '@noisy-pairs/evaluation';

/** `0.94 [0.86, 0.99]`, or why there is no number. */
export function aurocWords({ value, interval95, why = '' }: ClusteredAuroc): string {
  if (value === null) return `none (${why})`;
  const number = value.toFixed(3);
  if (!interval95) return `${number}, no interval (${why})`;
  return `${number} [${interval95[0].toFixed(3)}, ${interval95[1].toFixed(3)}]`;
}

/** `18.3 % [10.6, 29.9]` */
export function shareWords({ value, interval95 }: Share): string {
  const [low, high] = interval95.map((bound) => (100 * bound).toFixed(1));
  return `${percent(value)} [${low ?? ''}, ${high ?? ''}]`;
}

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
