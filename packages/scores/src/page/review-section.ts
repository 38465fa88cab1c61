import { lines, markup, table, type Markup } from '@noisy-pairs/pages';
import type { ReviewResult } from '../review/review-result.ts';
import { aurocWords, shareWords } from './words.ts';

/** What a person's marks of a random sample say; nothing without them. */
export function reviewSection(review: ReviewResult | undefined): Markup {
  if (!review) return markup``;
  const { counts, noisy, wrong, aurocs, places, unmarked } = review;
  const marks = `${counts.clean} clean, ${counts.partly} partly, ${counts.wrong} wrong`;
  const rows = Object.entries(aurocs).map(([name, value]) => [name, aurocWords(value)]);
  const missing =
    unmarked === 0 ? '' : ` ${unmarked} of the sample have no mark: the share is of the others.`;
  return lines([
    markup`
      <h3>Your marks</h3>

      <p>A random sample: ${marks}, of ${places} places.${missing} <b>Noisy (partly or wrong):
      ${shareWords(noisy)}</b>; wrong alone: ${shareWords(wrong)} (Wilson's 95 % interval, which
      takes pairs as independent: too narrow where many are of one place).</p>

      <p>AUROC of scores against your marks (noisy: partly or wrong), 95 % by a bootstrap over
      places:</p>
    `,
    table({ head: ['score', 'AUROC'], rows }),
  ]);
}
