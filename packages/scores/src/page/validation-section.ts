import { lines, markup, table, type Markup } from '@noisy-pairs/pages';
import { mainCut, type Validation } from './validation.ts';
import { aurocWords, percent, shareWords } from './words.ts';

/** AUROC by cut and what filters leave, or that nothing is known. */
export function validationSection(
  validation: Validation | undefined,
  columns: readonly string[],
): Markup {
  if (!validation)
    return markup`
      <p><b>Not validated.</b> No mask says what changed in these pairs, so nobody knows whether
      the score finds it. Mark a random sample by hand (<code>--review 60</code>, then
      <code>--reviewed FILE</code>): that gives a noisy share with an interval, and the score's
      AUROC on your own data.</p>
    `;
  const { known, aurocs, filters } = validation;
  const rows = aurocs.map(({ cut, byColumn }) => {
    const [any] = Object.values(byColumn);
    const noisy = `${any?.positives ?? 0} of ${any?.count ?? 0}`;
    const cells = columns.map((name) => (byColumn[name] ? aurocWords(byColumn[name]) : ''));
    return [`more than ${percent(cut)}`, noisy, ...cells];
  });
  const places = new Set(known.map(({ place }) => place)).size;
  const left = filters.map(({ drop, left: share }) => [percent(drop), shareWords(share)]);
  return lines([
    voidWords(validation),
    markup`
      <p>AUROC against the masks of ${known.length} crops: the probability that a noisy pair has a
      higher score than a clean one; 0.5 is chance. Intervals: 95 %, bootstrap over places; with
      few of them (here ${places}), too narrow. Masks name one kind of change: a "clean" pair of a
      high score may show another.</p>
    `,
    table({ head: ['noisy if changed', 'noisy', ...columns], rows }),
    markup`
      <p>If the highest scores are dropped, of what is left more than ${percent(mainCut)} changed
      in (Wilson's 95 % interval):</p>
    `,
    table({ head: ['dropped', 'noisy among the rest'], rows: left }),
  ]);
}

function voidWords(validation: Validation): Markup {
  if (!validation.void) return markup``;
  return markup`
    <p class="verdict"><b>This test is void.</b> In every pair without change both images are the
    same pixels, as they never are in photographs: any score separates them. Made-up pairs need
    nuisance of acquisition (gain, gamma, blur, noise, shift) before they can test a score.</p>
  `;
}
