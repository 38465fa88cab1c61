import { aboveP, belowP, reachOf, spreadOf } from '@noisy-pairs/evaluation';

/** A difference between two arms, one value a seed, 0..1. */
export interface ArmDifference {
  /** All seeds. */
  readonly values: readonly number[];
  /** Seeds whose runs all learned something. */
  readonly learned: readonly number[];
}

/** What an audit's verdict is made of. */
export interface AuditDifferences {
  /** Filter less keep. */
  readonly filter: ArmDifference;
  /** Filter less a random drop of as many. */
  readonly random: ArmDifference;
  /** The control, half of whose second images are of other places, less keep. */
  readonly control: ArmDifference;
}

export interface AuditVerdict {
  readonly answer: 'keep' | 'filter' | 'cannot tell';
  /** One sentence or more. */
  readonly why: string;
  /** Seeds that it would take; null where nobody knows, undefined where an answer is given. */
  readonly seeds?: number | null;
}

/** Chance of either false answer. */
const level = 0.05;

const below = (values: readonly number[], bound: number, p: number): boolean => {
  const spread = spreadOf(values);
  return spread !== undefined && belowP(spread, bound) < p;
};
const above = (values: readonly number[]): boolean => {
  const spread = spreadOf(values);
  return spread !== undefined && aboveP(spread, 0) < level / 2;
};

/**
 * The answer of an audit. Each needs all of its tests at once (intersection-union, Berger 1982), so
 * that none is corrected; both answers cannot be false together, as one is about filters that gain
 * the margin and the other about filters that gain nothing.
 *
 * keep: one-sided, filter - keep lies below the margin, and the control did harm. filter: better
 * than keep and than a random drop, and the control did harm. A gain below the margin counts as
 * none. Runs that did not learn may not decide: an answer must hold with and without them.
 * @param margin differences within it count as none, above 0
 */
export function auditVerdict(
  { filter, random, control }: AuditDifferences,
  margin: number,
): AuditVerdict {
  const cannot = (why: string, seeds: number | null): AuditVerdict => ({
    answer: 'cannot tell',
    ...{ why, seeds },
  });
  const forDifference = (values: readonly number[]) =>
    reachOf(values, 1, { margin })?.seedsForDifference ?? null;
  if (filter.values.length < 2) return cannot('One seed has no test.', null);
  if (!below(control.values, 0, level / 2))
    return cannot(
      'The control, half of whose second images are of other places, shows no harm: this audit ' +
        'could not have seen any.',
      forDifference(control.values),
    );
  const stuck = filter.values.length - filter.learned.length;
  if (2 * stuck >= filter.values.length)
    return cannot(`In ${stuck} of ${filter.values.length} seeds runs did not learn.`, null);
  const answers = (['values', 'learned'] as const).map((which) =>
    answerOf(filter[which], random[which], margin),
  );
  const [answer, without] = answers;
  if (answer !== without)
    return cannot(`It depends on ${stuck} seeds that hold runs that did not learn.`, null);
  if (answer === 'keep')
    return { answer, why: 'What filtering gains lies below the margin, and the control did harm.' };
  if (answer === 'filter')
    return { answer, why: 'Filtering is better than keeping and than dropping as many at random.' };
  if (above(filter.learned))
    return cannot(
      'Filtering is better than keeping, but not clearly better than dropping as many at random.',
      forDifference(random.learned),
    );
  const reach = reachOf(filter.learned, 1, { margin });
  const why = 'What filtering gains is neither clearly below the margin nor clearly above 0.';
  return cannot(why, reach?.seedsForEquivalence ?? null);
}

function answerOf(
  filter: readonly number[],
  random: readonly number[],
  margin: number,
): 'keep' | 'filter' | undefined {
  if (below(filter, margin, level)) return 'keep';
  return above(filter) && above(random) ? 'filter' : undefined;
}
