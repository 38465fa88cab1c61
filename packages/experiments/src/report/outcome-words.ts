import type { Finding } from '@noisy-pairs/evaluation';
import { formatP, plainPoints, signedPoints } from './difference.ts';
import type { ComparisonSummary, ComparisonVerdict, Outcome } from './summary/outcomes.ts';

/** A comparison that was measured. */
type Judged = ComparisonSummary & { readonly verdict: ComparisonVerdict };

const outcomes: readonly Outcome[] = ['gain', 'harm', 'equivalent', 'cannot tell', 'not learned'];

/** Outcomes of several comparisons in a sentence without its end. */
export function describeOutcomes(
  comparisons: readonly ComparisonSummary[],
  margin: number,
): string {
  const judged = comparisons.filter((one): one is Judged => one.verdict !== null);
  if (judged.length === 0) return 'not measured';
  const parts = outcomes.flatMap((outcome) => {
    const some = judged.filter(({ verdict }) => verdict.outcome === outcome);
    if (some.length === 0) return [];
    const share = many(judged) ? ` in ${some.length} of ${judged.length}` : '';
    return [`${outcomeName(outcome, margin)}${share} (${detailOf(outcome, some, margin)})`];
  });
  return parts.join('; ');
}

export function outcomeName(outcome: Outcome, margin: number): string {
  return outcome === 'equivalent' ? `equivalent within ${plainPoints(margin)} points` : outcome;
}

function detailOf(outcome: Outcome, some: readonly Judged[], margin: number): string {
  const byMean = [...some].sort((a, b) => meanOf(a) - meanOf(b));
  const [lowest, highest] = [byMean[0], byMean.at(-1)];
  if (!lowest || !highest) return '';
  if (outcome === 'gain') return `${many(some) ? 'at most ' : ''}${finding(highest, 'difference')}`;
  if (outcome === 'harm') return `${many(some) ? 'at worst ' : ''}${finding(lowest, 'difference')}`;
  const range = many(some) ? `${brief(lowest)} to ${brief(highest)}` : brief(lowest);
  if (outcome === 'not learned') return reasonsOf(some);
  if (outcome === 'equivalent') {
    if (!many(some)) return finding(lowest, 'equivalence') + beyondZero(some);
    const p = Math.max(...some.map(({ verdict }) => verdict.all.equivalence?.adjusted ?? 1));
    const bound = formatP(p).replace('=', '≤');
    return `${range}, each ${bound}${beyondZero(some)}`;
  }
  return [range, ...reachWords(some, margin), ...(reasonsOf(some) ? [reasonsOf(some)] : [])].join(
    ', ',
  );
}

const many = (some: readonly unknown[]) => some.length > 1;
const meanOf = ({ difference }: Judged) => difference?.mean ?? 0;

/** `+5.1 points [+4.9, +5.3], n = 3, p = 0.012`: the interval and p are corrected by Holm. */
function finding(one: Judged, test: 'difference' | 'equivalence'): string {
  const p = one.verdict.all[test]?.adjusted;
  return `${brief(one)}${p === undefined ? '' : `, ${formatP(p)}`}`;
}

/** `+5.1 points [+4.9, +5.3], n = 3`, the interval corrected. */
function brief(one: Judged): string {
  const { count } = one.verdict.all;
  const interval = correctedInterval(one.verdict.all);
  const ends = interval === undefined ? '' : ` ${interval}`;
  return `${signedPoints(meanOf(one))} points${ends}, n = ${count}`;
}

/** `[+4.9, +5.3]` at the level of the comparison's test; undefined where there is none. */
export function correctedInterval({ interval }: Finding): string | undefined {
  return interval ? `[${signedPoints(interval.low)}, ${signedPoints(interval.high)}]` : undefined;
}

function beyondZero(some: readonly Judged[]): string {
  const told = some.filter(({ verdict }) => verdict.all.direction !== null);
  if (told.length === 0) return '';
  const words = [...new Set(told.map(({ verdict }) => verdict.all.direction))].join(' or ');
  return many(some)
    ? `; of these ${told.length} a ${words} smaller than that`
    : `; a ${words}, but smaller than that`;
}

/** What the seeds could have shown, and how many it takes. */
function reachWords(some: readonly Judged[], margin: number): string[] {
  const reaches = some.flatMap(({ verdict }) => verdict.reach ?? []);
  if (reaches.length === 0) return [];
  const effects = reaches.map(({ smallestEffect }) => smallestEffect);
  const seeds = reaches.map(({ seedsForDifference }) => seedsForDifference ?? Infinity);
  const needed = rangeOf(seeds).replaceAll('Infinity', 'over 100,000');
  const shown =
    Math.min(...effects) > 1
      ? 'such seeds show no effect below 100 points'
      : `such seeds show an effect from ${rangeOf(effects.map(plainPoints))} points on`;
  return [`${shown} with 80 % power`, `one of ${plainPoints(margin)} points takes ${needed} seeds`];
}

/** `3`, `3 to 14` */
function rangeOf(of: readonly (number | string)[]): string {
  const values = of.map(Number);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function reasonsOf(some: readonly Judged[]): string {
  return [...new Set(some.flatMap(({ verdict }) => verdict.reason ?? []))].join('; ');
}
