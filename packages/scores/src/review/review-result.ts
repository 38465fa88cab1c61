import {
  clusteredAuroc,
  wilsonShare,
  type ClusteredAuroc,
  type Share,
} from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import type { ScoredSet, ScoreRow } from '../set/score-set.ts';
import { marks, type Mark, type ReviewFile, type ReviewItem } from './review-file.ts';

/** What a person's marks of a random sample say of the set and of its scores. */
export interface ReviewResult {
  readonly counts: Readonly<Record<Mark, number>>;
  /** Of the sample, but not marked. */
  readonly unmarked: number;
  readonly places: number;
  /** Partly or wrong. */
  readonly noisy: Share;
  readonly wrong: Share;
  /** By score column; positive: partly or wrong. */
  readonly aurocs: Readonly<Record<string, ClusteredAuroc>>;
}

/** @throws if nothing is marked, or naming what is not in the set */
export function reviewResult(
  { items }: ReviewFile,
  { rows, columns }: ScoredSet,
  name: string,
  random: Random,
): ReviewResult {
  const byKey = new Map(rows.map((row) => [keyOf({ name: row.name, ...row.window }), row]));
  const marked: { row: ScoreRow; mark: Mark }[] = [];
  for (const item of items) {
    const row = byKey.get(keyOf(item));
    if (!row) {
      const got = `${item.name} at ${item.x}, ${item.y} of ${item.width} x ${item.height}`;
      throw new Error(`${name}: expected marks of crops that are scored here, got ${got}`);
    }
    if (item.mark !== null) marked.push({ row, mark: item.mark });
  }
  if (marked.length === 0)
    throw new Error(`${name}: expected marks, got ${items.length} pairs without any`);
  const count = (wanted: Mark) => marked.filter(({ mark }) => mark === wanted).length;
  const [clean, partly, wrong] = marks.map(count) as [number, number, number];
  const noisy = marked.map(({ mark }) => mark !== 'clean');
  const places = marked.map(({ row }) => row.place);
  const aurocOf = (column: string) =>
    clusteredAuroc(
      marked.map(({ row }) => row.scores[column] ?? NaN),
      noisy,
      places,
      random.split(column),
    );
  return {
    counts: { clean, partly, wrong },
    unmarked: items.length - marked.length,
    places: new Set(places).size,
    noisy: wilsonShare(partly + wrong, marked.length),
    wrong: wilsonShare(wrong, marked.length),
    aurocs: Object.fromEntries(columns.map((column) => [column, aurocOf(column)])),
  };
}

const keyOf = ({ name, x, y, width, height }: Omit<ReviewItem, 'mark'>) =>
  JSON.stringify([name, x, y, width, height]);
