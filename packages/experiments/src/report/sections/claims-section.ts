import { type Markup, markup, table } from '@noisy-pairs/pages';
import { formatDifference, formatP } from '../difference.ts';
import type { ClaimSummary } from '../summary/claims.ts';

/** The study's captions beside what was measured, point by point; nothing without a claim. */
export function claimsSection(claims: readonly ClaimSummary[]): Markup[] {
  if (claims.length === 0) return [];
  const several = new Set(claims.map(({ panel }) => panel)).size > 1;
  return [
    markup`
      <h2>Beside the study's captions</h2>

      <p>Each sentence is asked by one difference a seed, the mean over all settings that it speaks
      of, tested as above; Holm corrects over these ${claims.length} sentences, a family of their
      own. It holds, or does not, where the difference is told from 0 with the sign that it says, or
      with the other, or lies within the margin; a sentence on noisy pairs must do so with and
      without seeds that hold a run that did not learn. Sizes, lengths and hyper-parameters are
      ours.</p>
    `,
    table({
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
    }),
  ];
}

/** The corrected p of the test that gave the answer. */
function pOf({ finding: { direction, outcome, difference, equivalence } }: ClaimSummary): string {
  const test = direction === null && outcome === 'equivalent' ? equivalence : difference;
  return test ? formatP(test.adjusted) : '-';
}
