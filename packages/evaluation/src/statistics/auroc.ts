import type { Random } from '@noisy-pairs/imaging';

/**
 * Area under the ROC curve: the probability that a positive has a greater score than a negative,
 * ties counted half; null where one of the two is missing.
 * @throws if a score is not finite, or the lengths differ
 */
export function auroc(scores: readonly number[], positive: readonly boolean[]): number | null {
  return areaOf(
    sorted(scores, positive),
    scores.map(() => 1),
  );
}

/** An AUROC whose interval accounts for what items of one place have in common. */
export interface ClusteredAuroc {
  /** Null where there are only positives or only negatives. */
  readonly value: number | null;
  /** Percentiles 2.5 and 97.5 of the bootstrap; null where `why` says so. */
  readonly interval95: readonly [number, number] | null;
  /** The reason that there is no interval, or no value. */
  readonly why?: string;
  readonly clusters: number;
  readonly positives: number;
  readonly count: number;
}

/** With fewer, resampled places say nothing of other places. */
const fewestClusters = 5;

/**
 * AUROC with a 95 % interval by a bootstrap over clusters (Field & Welsh 2007): whole places are
 * drawn with replacement, since crops of one place are not independent. Draws with positives or
 * negatives alone are drawn again.
 * @param clusters the place of each item
 */
export function clusteredAuroc(
  scores: readonly number[],
  positive: readonly boolean[],
  clusters: readonly string[],
  random: Random,
  draws = 2000,
): ClusteredAuroc {
  const order = sorted(scores, positive);
  const numbers = new Map([...new Set(clusters)].map((name, i) => [name, i]));
  const clusterOf = clusters.map((name) => numbers.get(name) as number);
  const positives = positive.filter(Boolean).length;
  const value = auroc(scores, positive);
  const shared = { value, clusters: numbers.size, positives, count: scores.length };
  if (value === null) {
    const why = `all ${scores.length} are ${positives > 0 ? 'noisy' : 'clean'}`;
    return { ...shared, interval95: null, why };
  }
  const withBoth = countWith(clusterOf, positive);
  if (numbers.size < fewestClusters || withBoth.positive < 2 || withBoth.negative < 2) {
    const why =
      `${withBoth.positive} of ${numbers.size} places with noisy pairs, ${withBoth.negative} ` +
      `with clean ones: an interval needs ${fewestClusters} places, and 2 with either`;
    return { ...shared, interval95: null, why };
  }
  const areas: number[] = [];
  const times = new Float64Array(numbers.size);
  const weights = new Array<number>(scores.length);
  while (areas.length < draws) {
    times.fill(0);
    for (let i = 0; i < numbers.size; i++) {
      const drawn = random.int(numbers.size);
      times[drawn] = (times[drawn] as number) + 1;
    }
    for (let i = 0; i < weights.length; i++) weights[i] = times[clusterOf[i] as number] as number;
    const area = areaOf(order, weights);
    if (area !== null) areas.push(area);
  }
  areas.sort((a, b) => a - b);
  return { ...shared, interval95: [percentile(areas, 2.5), percentile(areas, 97.5)] };
}

/** Percentile of ascending values, between neighbours by a straight line, as NumPy's default. */
export function percentile(ascending: ArrayLike<number>, percent: number): number {
  const at = ((ascending.length - 1) * percent) / 100;
  const below = Math.floor(at);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  return low + (high - low) * (at - below);
}

/** Places that have positives, and places that have negatives. */
function countWith(clusterOf: readonly number[], positive: readonly boolean[]) {
  const having = (wanted: boolean) =>
    new Set(clusterOf.filter((_, i) => positive[i] === wanted)).size;
  return { positive: having(true), negative: having(false) };
}

/** Items by ascending score. */
interface Order {
  readonly items: Uint32Array;
  readonly scores: readonly number[];
  readonly positive: readonly boolean[];
}

function sorted(scores: readonly number[], positive: readonly boolean[]): Order {
  if (scores.length !== positive.length)
    throw new Error(`AUROC: expected ${scores.length} truths, got ${positive.length}`);
  const bad = scores.find((score) => !Number.isFinite(score));
  if (bad !== undefined) throw new Error(`AUROC: expected finite scores, got ${bad}`);
  const items = Uint32Array.from(scores, (_, i) => i);
  items.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  return { items, scores, positive };
}

/** AUROC in which item i counts weights[i] times. */
function areaOf({ items, scores, positive }: Order, weights: readonly number[]): number | null {
  let below = 0; // weight of negatives with a smaller score
  let allPositive = 0;
  let won = 0;
  for (let i = 0; i < items.length;) {
    const score = scores[items[i] as number];
    let [tiedPositive, tiedNegative] = [0, 0];
    for (; i < items.length && scores[items[i] as number] === score; i++) {
      const item = items[i] as number;
      const weight = weights[item] as number;
      if (positive[item]) tiedPositive += weight;
      else tiedNegative += weight;
    }
    won += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
    allPositive += tiedPositive;
  }
  return below > 0 && allPositive > 0 ? won / (below * allPositive) : null;
}
