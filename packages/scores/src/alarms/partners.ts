import { successesP } from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import { meanOf } from '../measures/cell-map.ts';
import { orientationDistances, type Orientations } from '../measures/orientations.ts';
import type { PairEntry } from '../set/pair-set.ts';
import type { Alarm } from './alarm.ts';

/** First images that are asked for their partners, and the second images to choose among. */
export interface PartnerSample {
  /** Indices of pairs, ascending. */
  readonly asked: readonly number[];
  /** The same and their neighbours in the list, ascending. */
  readonly candidates: readonly number[];
}

const mostAsked = 200;
/** Chance of a false finding. */
const alpha = 0.01;
/** Own partners were the nearest of 78 and 80 % in two true sets; fewer than this is doubtful. */
const expectedShare = 0.7;
const leastPower = 0.95;

/** Pairs by chance, and the neighbours of each, round the end, so that a shift by one is seen. */
export function partnerSample(pairs: number, random: Random): PartnerSample {
  const ascending = (items: Iterable<number>) => [...new Set(items)].sort((a, b) => a - b);
  const asked = ascending(random.permutation(pairs).slice(0, mostAsked));
  const neighbours = asked.flatMap((i) => [(i + pairs - 1) % pairs, i, (i + 1) % pairs]);
  return { asked, candidates: ascending(neighbours) };
}

/** How often which second image is the nearest of all candidates, of the first images asked. */
export interface PartnerCounts {
  readonly asked: number;
  readonly own: number;
  readonly next: number;
  readonly previous: number;
  /** Chance of each to be right by guessing among the candidates of its own place, or among all. */
  readonly chances: readonly number[];
}

export function countPartners(
  { asked, candidates }: PartnerSample,
  pairs: readonly PairEntry[],
  first: ReadonlyMap<number, Orientations>,
  second: ReadonlyMap<number, Orientations>,
): PartnerCounts {
  const there = candidates.filter((i) => second.has(i));
  let [own, next, previous] = [0, 0, 0];
  const chances: number[] = [];
  for (const i of asked) {
    const image = first.get(i);
    if (!image || !second.has(i)) continue;
    const nearest = nearestOf(image, there, second);
    if (nearest === i) own++;
    else if (nearest === (i + 1) % pairs.length) next++;
    else if (nearest === (i + pairs.length - 1) % pairs.length) previous++;
    const near = there.filter((other) => pairs[other]?.place === pairs[i]?.place).length;
    chances.push(1 / (near > 1 ? near : there.length));
  }
  return { asked: chances.length, own, next, previous, chances };
}

function nearestOf(
  image: Orientations,
  candidates: readonly number[],
  second: ReadonlyMap<number, Orientations>,
): number {
  let [nearest, least] = [-1, Infinity];
  for (const candidate of candidates) {
    const other = second.get(candidate);
    if (!other) continue;
    const distance = meanOf(orientationDistances(image, other));
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/**
 * Whether second images belong to first ones at all. An alarm for the set, never for a pair: of
 * true pairs, too, a fifth has another nearest image.
 */
export function partnerAlarm({ asked, own, next, previous, chances }: PartnerCounts): Alarm {
  const name = 'partners';
  const byChance = chances.reduce((sum, chance) => sum + chance, 0);
  const counted =
    `of ${asked} first images, ${own} have their own partner as the nearest second image, ` +
    `${next} that of the next pair, ${previous} that of the one before; by chance ` +
    `${byChance.toFixed(1)} would`;
  for (const [count, which] of [
    [next, 'next'],
    [previous, 'previous'],
  ] as const) {
    const isMore = successesP(count, new Array<number>(count + own).fill(0.5)) < alpha;
    if (count > own && isMore) {
      const line = `second images look shifted by one: the ${which} pair's fits better; ${counted}`;
      return { name, state: 'alarm', line };
    }
  }
  if (asked > 0 && successesP(own, chances) < alpha) return { name, state: 'none', line: counted };
  if (powerOf(chances) < leastPower)
    return { name, state: 'undecidable', line: `too few pairs to tell; ${counted}` };
  const line = `second images fit no better than by chance: are they in another order? ${counted}`;
  return { name, state: 'alarm', line };
}

/** Chance to see that partners fit, if `expectedShare` of them are the nearest. */
function powerOf(chances: readonly number[]): number {
  let critical = 0;
  while (critical <= chances.length && successesP(critical, chances) >= alpha) critical++;
  return successesP(
    critical,
    chances.map(() => expectedShare),
  );
}
