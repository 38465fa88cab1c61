import { type Markup, markup, trusted } from '@noisy-pairs/pages';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { trendPlot } from '../plots/trend-plot.ts';
import { cutsIntervals } from '../plots/trend-scale.ts';
import { plainPoints } from '../difference.ts';
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

    <p>Small dots are single seeds, hollow ones runs that did not learn.</p>

    ${testWords(summary)}
  `;
}

/** The tests behind the outcomes, and their correction, in plain words. */
function testWords({ margin, panels }: SweepSummary): Markup {
  const comparisons = panels.flatMap((panel) => panel.comparisons);
  const settings = comparisons.find(({ verdict }) => verdict)?.verdict?.settings;
  if (settings === undefined) return markup``;
  const points = plainPoints(margin);
  return markup`
    <p>Differences are taken run by run between runs of one seed, which share data and start. Each
    of the ${settings} comparisons of this report is asked two things. <em>Is there a
    difference?</em> A two-sided t test; then it is a gain or harm. <em>Is it too small to
    matter?</em> Two one-sided t tests against ${points} points up and down (Schuirmann 1987;
    Lakens 2017); then it is equivalent within ${points} points, even where it is not zero. With
    many comparisons some would pass by luck: Holm's procedure (1979) asks more of each, so that in
    at most 5 % of such reports any gain or harm is claimed where there is none, and in at most 5 %
    any equivalence where there is none. An interval with an outcome is at the level of its
    corrected test; one called 95 % is of its setting by itself.</p>

    <p>Neither passed: it cannot be told. Then the table says from what size on so many seeds show
    an effect with 80 % power, and how many seeds it takes for one of ${points} points, if seeds
    scatter as these do; that scatter is itself a guess from few seeds. The tests take differences
    to be about normal. A claim must hold with and without the seeds that hold a run that did not
    learn; where those are half or more, the outcome is that.</p>
  `;
}
