import { exposureOf, worseExposure, type Exposure } from '../measures/exposure.ts';
import { fingerprints, type Fingerprints } from './fingerprints.ts';
import type { CropWindow, PairCrop, PairSet } from './pair-set.ts';
import { scoresBy, type PairScorer } from './pair-scorer.ts';

/** A crop, or a whole pair, with its scores. */
export interface ScoreRow extends Exposure {
  /** Index into the pairs of the set. */
  readonly pair: number;
  readonly name: string;
  readonly place: string;
  readonly window: CropWindow;
  /** By column. */
  readonly scores: Readonly<Record<string, number>>;
  /** Whether both images are the same pixels. */
  readonly same: boolean;
  /** Changed pixels over those that the mask knows; null where none is known. */
  readonly changedShare: number | null;
}

/** A set with the scores of all its crops. */
export interface ScoredSet {
  readonly rows: readonly ScoreRow[];
  /** Names of the score columns. */
  readonly columns: readonly string[];
  /** Of each pair that has crops, by its index. */
  readonly prints: ReadonlyMap<number, Fingerprints>;
}

/**
 * Scores every crop, one after the other: no more than one is in memory.
 * @throws if there are no crops, naming one that is too small for a scorer, or as the set does
 */
export async function scoreSet(
  set: PairSet,
  size: number,
  scorers: readonly PairScorer[],
  onProgress?: (pair: number) => void,
): Promise<ScoredSet> {
  const rows: ScoreRow[] = [];
  const prints = new Map<number, Fingerprints>();
  let print = fingerprints();
  let last: number | undefined;
  for await (const crop of set.crops(size)) {
    if (last !== undefined && crop.pair !== last) {
      prints.set(last, print.end());
      print = fingerprints();
      onProgress?.(crop.pair);
    }
    last = crop.pair;
    print.add(crop);
    rows.push(await scoreCrop(set, crop, scorers));
  }
  if (last === undefined || rows[0] === undefined)
    throw new Error(`${set.name}: expected crops to score, got none`);
  prints.set(last, print.end());
  onProgress?.(set.pairs.length);
  return { rows, columns: Object.keys(rows[0].scores), prints };
}

async function scoreCrop(
  set: PairSet,
  { pair, window, first, second, changedShare }: PairCrop,
  scorers: readonly PairScorer[],
): Promise<ScoreRow> {
  const entry = set.pairs[pair];
  if (!entry)
    throw new Error(`${set.name}: expected a pair below ${set.pairs.length}, got ${pair}`);
  const scores: Record<string, number> = {};
  for (const scorer of scorers) {
    if (Math.min(first.width, first.height) < scorer.leastSize)
      throw new Error(
        `${entry.name}: ${scorer.name}: expected ${scorer.leastSize} px or more, got ` +
          `${first.width} x ${first.height}`,
      );
    Object.assign(scores, await scoresBy(scorer, first, second));
  }
  return {
    pair,
    name: entry.name,
    place: entry.place,
    window,
    scores,
    ...worseExposure(exposureOf(first), exposureOf(second)),
    same: Buffer.compare(first.data, second.data) === 0,
    changedShare,
  };
}
