import type { Summary } from '@noisy-pairs/evaluation';

/** In points of a hundred: `+5.1 points [+4.9, +5.3]`. */
export function formatDifference({ mean, interval95 }: Summary): string {
  const interval = interval95 ? ` [${interval95.map(signedPoints).join(', ')}]` : '';
  return `${signedPoints(mean)} points${interval}`;
}

/** `+5.1`, of a share of 0.051; a difference that rounds to nothing has no minus. */
export function signedPoints(share: number): string {
  const text = (100 * share).toFixed(1).replace(/^-0\.0$/, '0.0');
  return text.startsWith('-') ? text : `+${text}`;
}

/** `2`, `2.5`: a share as points, without a sign. */
export const plainPoints = (share: number): string => String(Number((100 * share).toFixed(1)));

/** `p = 0.012`, `p < 0.001`, with the digits that matter. */
export function formatP(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`;
}
