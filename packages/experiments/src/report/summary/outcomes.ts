import {
  findings,
  reachOf,
  summarise,
  type Finding,
  type Reach,
  type Summary,
} from '@noisy-pairs/evaluation';
import { boundsApart } from './bounds-apart.ts';
import type { MeasuredComparison } from './comparison-summary.ts';
import { learnedOf, valuesOf } from './seed-differences.ts';
import type { MeasuredPanel } from './panel-summary.ts';

/** What may be said of a comparison. */
export type Outcome = 'gain' | 'harm' | 'equivalent' | 'cannot tell' | 'not learned';

/** A comparison's finding among all comparisons of a report. */
export interface ComparisonSummary extends MeasuredComparison {
  /** Null where nothing is measured. */
  readonly verdict: ComparisonVerdict | null;
}

export interface ComparisonVerdict {
  readonly outcome: Outcome;
  /** Why nothing can be told, where the tests are not the reason. */
  readonly reason: string | null;
  /** Comparisons of the report, over which Holm corrects. */
  readonly settings: number;
  /** Tests of all seeds. */
  readonly all: Finding;
  /** The reach of the seeds that learned. */
  readonly reach: Reach | null;
  /** The same without seeds that hold a run that did not learn; null where there are none such. */
  readonly learned: { readonly difference: Summary | null; readonly finding: Finding } | null;
}

/**
 * Outcomes of all comparisons of a report, by t tests paired by seed and Holm over their number. A
 * gain, harm or equivalence is claimed only if it is found both with and without the seeds that
 * hold a run that did not learn; where those are half or more, the outcome is that. Equivalence
 * means nothing where pretraining itself has no effect.
 * @param margin differences within it count as none, 0..1
 */
export function withOutcomes(
  panels: readonly MeasuredPanel[],
  margin: number,
): (MeasuredPanel & { readonly comparisons: readonly ComparisonSummary[] })[] {
  const measured = panels.flatMap(({ comparisons }) => comparisons).filter(isMeasured);
  const all = findings(
    measured.map(({ seeds }) => valuesOf(seeds)),
    { margin },
  );
  const learned = findings(
    measured.map(({ seeds }) => valuesOf(learnedOf(seeds))),
    { margin },
  );
  const reach = ({ seeds }: MeasuredComparison) =>
    reachOf(valuesOf(learnedOf(seeds)), measured.length, { margin });
  return panels.map((panel) => ({
    ...panel,
    comparisons: panel.comparisons.map((comparison) => {
      const i = measured.indexOf(comparison);
      const [whole, rest] = [all[i], learned[i]];
      if (!whole || !rest) return { ...comparison, verdict: null };
      const some = learnedOf(comparison.seeds);
      const differs = some.length < comparison.seeds.length;
      const difference = some.length > 0 ? summarise(valuesOf(some)) : null;
      return {
        ...comparison,
        verdict: {
          ...outcomeOf(comparison, whole, rest, boundsApart(panel) === false),
          settings: measured.length,
          all: whole,
          reach: reach(comparison),
          learned: differs ? { difference, finding: rest } : null,
        },
      };
    }),
  }));
}

const isMeasured = ({ difference }: MeasuredComparison) => difference !== null;

function outcomeOf(
  { seeds }: MeasuredComparison,
  all: Finding,
  learned: Finding,
  startReached: boolean,
): Pick<ComparisonVerdict, 'outcome' | 'reason'> {
  const stuck = seeds.length - learnedOf(seeds).length;
  if (2 * stuck >= seeds.length)
    return { outcome: 'not learned', reason: `${stuck} of ${seeds.length} seeds` };
  const unclear = (reason: string | null) => ({ outcome: 'cannot tell', reason }) as const;
  if (seeds.length === 1) return unclear('one seed: no test');
  if (!all.difference) return unclear('every seed gives the same difference: no test');
  if (all.outcome !== learned.outcome)
    return unclear(`it depends on ${stuck} of ${seeds.length} seeds that did not learn`);
  if (all.outcome === 'unclear') return unclear(null);
  if (all.outcome === 'equivalent' && startReached)
    return unclear('pretraining itself shows no effect');
  return { outcome: all.outcome, reason: null };
}
