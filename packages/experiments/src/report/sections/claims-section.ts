import { type Markup, markup, table } from '@noisy-pairs/pages';
import type { ClaimSummary } from '../summary/claims.ts';
import { claimsTable } from '../tables/claims-table.ts';

/** The study's captions beside what was measured, point by point; nothing without a claim. */
export function claimsSection(claims: readonly ClaimSummary[]): Markup[] {
  if (claims.length === 0) return [];
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
    table(claimsTable(claims)),
  ];
}
