import type { Summary } from '@noisy-pairs/evaluation';

/** How a difference reads: by its 95 % interval. */
type Effect = 'gain' | 'harm' | 'unclear';

function effectOf({ interval95 }: Summary): Effect {
  if (!interval95) return 'unclear';
  if (interval95[0] > 0) return 'gain';
  return interval95[1] < 0 ? 'harm' : 'unclear';
}

/** In points of a hundred: `+5.1 points [+4.9, +5.3]`. */
export function formatDifference({ mean, interval95 }: Summary): string {
  const interval = interval95 ? ` [${interval95.map(points).join(', ')}]` : '';
  return `${points(mean)} points${interval}`;
}

function points(share: number): string {
  return `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
}

/** Differences of several settings in a sentence without its end. */
export function describeDifferences(differences: readonly (Summary | null)[]): string {
  const compared = differences.filter((difference) => difference !== null);
  if (compared.length === 0) return 'not measured';
  const of = (effect: Effect) => compared.filter((difference) => effectOf(difference) === effect);
  const [gains, harms, unclear] = [of('gain'), of('harm'), of('unclear')];
  const count = (some: readonly Summary[]) => `${some.length} of ${compared.length}`;
  const parts: string[] = [];
  if (gains.length > 0)
    parts.push(`a gain in ${count(gains)} settings (at most ${extreme(gains, 1)})`);
  if (harms.length > 0) parts.push(`harm in ${count(harms)} (at worst ${extreme(harms, -1)})`);
  if (unclear.length > 0) {
    const from = unclear.length > 1 ? `${extreme(unclear, -1)} to ` : '';
    parts.push(`no clear difference in ${count(unclear)} (${from}${extreme(unclear, 1)})`);
  }
  return parts.join(', ');
}

/** The highest difference (sign 1), or the lowest (-1). */
function extreme(differences: readonly Summary[], sign: 1 | -1): string {
  return formatDifference(differences.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a)));
}
