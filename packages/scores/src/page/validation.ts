import {
  clusteredAuroc,
  wilsonShare,
  type ClusteredAuroc,
  type Share,
} from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import type { ScoredSet, ScoreRow } from '../set/score-set.ts';

/** Shares of change above which a pair is called noisy, one question each. */
const cuts = [0, 0.02, 0.05, 0.2];
/** The cut that histograms and filters use. */
export const mainCut = 0.05;
const drops = [0.1, 0.2, 0.3, 0.5];

/** A row whose true share of change is known. */
type KnownRow = ScoreRow & { readonly changedShare: number };

/** How well scores agree with masks. */
export interface Validation {
  readonly known: readonly KnownRow[];
  /** By cut, then by column. */
  readonly aurocs: readonly {
    readonly cut: number;
    readonly byColumn: Readonly<Record<string, ClusteredAuroc>>;
  }[];
  /** What is left of noise if the rows of the highest scores are dropped. */
  readonly filters: readonly { readonly drop: number; readonly left: Share }[];
  /** Whether every clean pair is the same pixels twice, so that any score separates them. */
  readonly void: boolean;
}

/** Undefined where no mask says what changed: the score is not validated then. */
export function validate(
  { rows, columns }: ScoredSet,
  column: string,
  random: Random,
): Validation | undefined {
  const known = rows.filter((row): row is KnownRow => row.changedShare !== null);
  if (known.length === 0) return undefined;
  const places = known.map(({ place }) => place);
  const aurocs = cuts.map((cut) => {
    const noisy = known.map(({ changedShare }) => changedShare > cut);
    const of = (name: string) =>
      clusteredAuroc(valuesOf(known, name), noisy, places, random.split(name, cut));
    return { cut, byColumn: Object.fromEntries(columns.map((name) => [name, of(name)])) };
  });
  const clean = known.filter(({ changedShare }) => changedShare === 0);
  return {
    known,
    aurocs,
    filters: filtersOf(known, column),
    void: clean.length > 0 && clean.every(({ same }) => same),
  };
}

function valuesOf(rows: readonly ScoreRow[], column: string): number[] {
  return rows.map(({ scores }) => scores[column] ?? NaN);
}

function filtersOf(known: readonly KnownRow[], column: string): Validation['filters'] {
  const ascending = byScore(known, column);
  return [0, ...drops].map((drop) => {
    const kept = ascending.slice(0, ascending.length - Math.round(drop * ascending.length));
    const noisy = kept.filter(({ changedShare }) => changedShare > mainCut).length;
    return { drop, left: wilsonShare(noisy, kept.length) };
  });
}

/** Rows by ascending score; of equals, in the order of the set. */
export function byScore<Row extends ScoreRow>(rows: readonly Row[], column: string): Row[] {
  return [...rows].sort((a, b) => (a.scores[column] ?? NaN) - (b.scores[column] ?? NaN));
}
