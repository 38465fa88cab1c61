import { type Markup, markup } from '@noisy-pairs/pages';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { methodTitle } from '../../config/methods.ts';
import type { SweepSummary } from '../summary/summary.ts';
import { missingRuns, panelVerdict } from '../verdict.ts';

/** The question, how it was asked, and the answer. */
export function introduction(
  { recipe, figure: ofStudy, panels }: SweepConfig,
  summary: SweepSummary,
): Markup {
  const methods = distinct(panels.map(({ base }) => methodTitle(base.method.name)));
  const measures = distinct(panels.map(({ base: { data } }) => kindOf(data).metric(data)?.by));
  const measured = measures.map((by) => by ?? 'nothing, as the data have no labels');
  const learners = `encoders pretrained with ${methods.join(', ')}`;
  const [one] = panels;
  if (one?.base.data.kind === 'folders')
    return markup`
      <h1>${one.arms?.question ?? 'Should these pairs be filtered?'}</h1>

      <p>Own pairs: ${kindOf(one.base.data).describe(one.base.data)}. Arms are ${learners}, frozen,
      and measured by ${measured.join(', or by ')}.</p>

      <div class="verdict">${verdictsOf(summary)}</div>
    `;
  return markup`
    <h1>Do noisy positive pairs hurt?</h1>

    <p>Sweep <b>${recipe}</b>, after ${ofStudy} of Gerard &amp; Sullivan: ${learners} on pairs of
    which a share is noisy, frozen, and measured by ${measured.join(', or by ')}.</p>

    <div class="verdict">${verdictsOf(summary)}</div>
  `;
}

/** A list of findings a panel. */
function verdictsOf(summary: SweepSummary): Markup[] {
  const { panels, missing } = summary;
  const several = panels.length > 1;
  const lists = panels.map((panel) => {
    const findings = panelVerdict(panel, summary);
    const items = findings.map((line) => markup`<li>${line}</li>`);
    return markup`${several ? markup`<h3>${panel.title}</h3>` : ''}<ul>${items}</ul>`;
  });
  return [...lists, ...missingRuns(missing).map((line) => markup`<p>${line}</p>`)];
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
