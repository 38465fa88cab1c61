import type { PairCrop, PairSet } from './pair-set.ts';
import type { ScoreRow } from './score-set.ts';

/** Reads the crops of some rows again, in the order of the set. */
export async function* readRows(
  set: PairSet,
  size: number,
  rows: Iterable<ScoreRow>,
): AsyncGenerator<[ScoreRow, PairCrop]> {
  const key = (pair: number, { x, y }: { x: number; y: number }) => `${pair} ${x} ${y}`;
  const wanted = new Map([...rows].map((row) => [key(row.pair, row.window), row]));
  const pairs = [...new Set([...wanted.values()].map(({ pair }) => pair))].sort((a, b) => a - b);
  for await (const crop of set.crops(size, pairs)) {
    const row = wanted.get(key(crop.pair, crop.window));
    if (row) yield [row, crop];
  }
}
