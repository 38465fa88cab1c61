import type { Table } from '@noisy-pairs/pages';
import { formatDifference, formatP } from '../difference.ts';
import type { ClaimSummary } from '../summary/claims.ts';

/** The study's captions, a row a sentence. */
export function claimsTable(claims: readonly ClaimSummary[]): Table {
  const several = new Set(claims.map(({ panel }) => panel)).size > 1;
  return {
    head: [
      ...(several ? ['panel'] : []),
      'figure',
      'the caption says',
      'measured by',
      'difference, 95 %',
      'seeds',
      'p, corrected',
      'here it',
    ],
    rows: claims.map((claim) => [
      ...(several ? [claim.panel] : []),
      claim.figure,
      claim.text,
      claim.measured,
      claim.difference ? formatDifference(claim.difference) : '-',
      String(claim.finding.count),
      claimP(claim) ?? '-',
      claim.answer,
    ]),
  };
}

/** The corrected p of the test that gave the answer; undefined where there was none. */
export function claimP({ finding }: ClaimSummary): string | undefined {
  const { direction, outcome, difference, equivalence } = finding;
  const test = direction === null && outcome === 'equivalent' ? equivalence : difference;
  return test ? formatP(test.adjusted) : undefined;
}
