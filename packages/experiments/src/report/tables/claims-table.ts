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
      pOf(claim),
      claim.answer,
    ]),
  };
}

/** The corrected p of the test that gave the answer. */
function pOf({ finding: { direction, outcome, difference, equivalence } }: ClaimSummary): string {
  const test = direction === null && outcome === 'equivalent' ? equivalence : difference;
  return test ? formatP(test.adjusted) : '-';
}
