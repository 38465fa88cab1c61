import { weightedKnn } from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import type { Points } from './points.ts';

/** How well nearest neighbours in full dimension tell a label. */
export interface NeighbourScore {
  /** Share of the points whose label their neighbours give, 0..1. */
  readonly accuracy: number;
  /** The same for always saying the most frequent label. */
  readonly chance: number;
  readonly points: number;
  /** Neighbours that vote. */
  readonly k: number;
}

/** Neighbours that vote, at most; T of a vote's weight exp(s / T). */
const mostNeighbours = 20,
  temperature = 0.1;

/**
 * Weighted nearest neighbours (weightedKnn) in two halves that are told by each other, split by
 * group, so that neither an image's other version nor the cells beside it vouch for it. Every
 * labelled point is asked once.
 * @param labels [N] whole numbers; NaN = left out
 * @returns undefined if there are not two labels, or not two groups
 */
export function neighbourScore(
  { features, dimensions, groups }: Points,
  labels: Float32Array,
  random: Random,
): NeighbourScore | undefined {
  const labelled = [...labels.keys()].filter((i) => !Number.isNaN(labels[i]));
  const order = random.shuffle([...new Set(labelled.map((i) => groups[i] as number))]);
  const inFirst = new Set(order.slice(0, order.length >> 1));
  const halves = [true, false].map((first) =>
    labelled.filter((i) => inFirst.has(groups[i] as number) === first),
  ) as [number[], number[]];
  const counts = new Map<number, number>();
  for (const i of labelled)
    counts.set(labels[i] as number, (counts.get(labels[i] as number) ?? 0) + 1);
  if (counts.size < 2 || order.length < 2) return undefined;

  const part = (rows: readonly number[]) => {
    const some = new Float32Array(rows.length * dimensions);
    rows.forEach((row, i) => {
      some.set(features.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
    });
    return {
      features: some,
      dimensions,
      labels: Uint8Array.from(rows, (row) => labels[row] as number),
    };
  };
  const [a, b] = [part(halves[0]), part(halves[1])];
  const k = Math.min(mostNeighbours, a.labels.length, b.labels.length);
  const settings = { k, temperature, classes: Math.max(...counts.keys()) + 1 };
  const right =
    weightedKnn(a, b, settings).accuracy * b.labels.length +
    weightedKnn(b, a, settings).accuracy * a.labels.length;
  return {
    accuracy: right / labelled.length,
    chance: Math.max(...counts.values()) / labelled.length,
    points: labelled.length,
    k,
  };
}

/** 1 for values above the median, 0 for the others; NaN stays. */
export function aboveMedian(values: Float32Array): Float32Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const median = sorted[(sorted.length - 1) >> 1] ?? NaN;
  return values.map((value) => (Number.isNaN(value) ? NaN : value > median ? 1 : 0));
}
