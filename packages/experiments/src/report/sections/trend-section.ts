import { type Markup, markup, trusted } from '@noisy-pairs/pages';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { trendPlot } from '../plots/trend-plot.ts';
import { cutsIntervals } from '../plots/trend-scale.ts';
import type { SweepSummary } from '../summary/summary.ts';

/** The plot of all panels, and how to read it. */
export async function trendSection(sweep: SweepConfig, summary: SweepSummary): Promise<Markup> {
  const kinds = new Set(sweep.panels.map(({ base }) => kindOf(base.data)));
  const words = [...kinds].map((kind) => kind.words);
  const noisy = words.map((one) => one.noisy).join(' ');
  const plot = await trendPlot(summary);
  if (plot === undefined)
    return markup`
      <h2>What noise does</h2>

      <p>${noisy} Not measured: the data have no labels.</p>
    `;
  const cut = cutsIntervals(summary)
    ? ', of which some are longer than the panels are high and cut off there: more seeds ' +
      'shorten them'
    : '';
  const dashed = ['the bounds', ...words.flatMap(({ dashedClean }) => dashedClean ?? [])];
  return markup`
    <h2>What noise does</h2>

    ${trusted(plot)}

    <p>${noisy} Bars are 95 % confidence intervals over seeds (Student's t)${cut}; the dashed lines
    are ${dashed.join(' and ')}.</p>

    <p>Differences below are taken run by run between runs of one seed, which share data and start;
    intervals are per setting, without a correction for the number of settings.</p>
  `;
}
