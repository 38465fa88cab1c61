import type { SweepConfig } from '../config/sweep-config.ts';
import type { PanelGrid } from '../sweep/grid.ts';
import { escape, figure, page, table } from './html.ts';
import { methodTitle } from '../config/methods.ts';
import { metrics } from '../data/metric.ts';
import { kindOf } from '../data/data-config.ts';
import { panelSection } from './panel-section.ts';
import type { FinishedRun, SweepSummary } from './summary.ts';
import { cutsIntervals, trendPlot } from './trend-plot.ts';
import { verdicts } from './verdict.ts';

export interface ReportOptions {
  readonly sweep: SweepConfig;
  readonly grids: readonly PanelGrid[];
  readonly summary: SweepSummary;
  readonly finished: readonly FinishedRun[];
  readonly folderOf: (run: FinishedRun) => string;
  /** The command that gives this sweep. */
  readonly command: string;
}

const unique = <T>(values: readonly T[]) => [...new Set(values)];

/** One self-contained HTML page: nothing is loaded from elsewhere. */
export async function reportHtml({
  sweep,
  grids,
  summary,
  finished,
  folderOf,
  command,
}: ReportOptions): Promise<string> {
  const { panels } = sweep;
  const byName = new Map(finished.map((run) => [run.name, run]));
  const sections: string[] = [];
  for (const [i, grid] of grids.entries()) {
    const panel = summary.panels[i];
    if (panel) sections.push(await panelSection(grid, panel, byName, folderOf));
  }
  // Panels on the same data show the same samples.
  const samples: string[] = [];
  for (const panel of new Map(panels.map((one) => [JSON.stringify(one.base.data), one])).values()) {
    samples.push(
      ...(await kindOf(panel.base.data).pictures(panel.base.data, panel.imageNoises, 3)).map(
        (row) => `<div class="row">${row.map(figure).join('')}</div>`,
      ),
    );
  }
  const words = unique(panels.map(({ base }) => kindOf(base.data).words));
  const methods = unique(panels.map(({ base }) => methodTitle(base.method.name)));
  const seconds = finished.reduce((sum, { result }) => sum + result.seconds, 0);
  const environment = finished[0]?.result.environment;

  return page(
    `Noisy Pairs: ${sweep.recipe}`,
    `<h1>Do noisy positive pairs hurt?</h1>
<p>Sweep <b>${escape(sweep.recipe)}</b>, after ${escape(sweep.figure)} of Gerard &amp; Sullivan: encoders pretrained with ${escape(methods.join(', '))} on pairs of which a share is noisy, frozen, and measured by ${unique(
      summary.panels.map(({ metric }) => metrics[metric].by),
    ).join(', or by ')}.</p>
<div class="verdict">${verdicts(summary)
      .map((line) => `<p>${escape(line)}</p>`)
      .join('')}</div>
<h2>What noise does</h2>
${await trendPlot(summary)}
<p>${words.map(({ noisy }) => escape(noisy)).join(' ')} Bars are 95 % confidence intervals over seeds (Student's t)${cutsIntervals(summary) ? ', of which some are longer than the panels are high and cut off there: more seeds shorten them' : ''}; the dashed lines are ${['the bounds', ...words.flatMap(({ dashedClean }) => dashedClean ?? [])].join(' and ')}.</p>
<p>Differences below are taken run by run between runs of one seed, which share data and start; intervals are per setting, without a correction for the number of settings.</p>
${sections.join('\n')}
<h2>What the encoders saw</h2>
<div class="samples">${samples.join('')}</div>
<h2>What is assumed</h2>
<p>The study is known to us by its abstract and figure captions. These choices are ours; read the trend, not the study's numbers.</p>
${table(['field', 'choice', 'why'], sweep.assumptions)}
<h2>How to get this again</h2>
<pre>${escape(command)}</pre>
<p>${finished.length} runs, ${Math.round(seconds / 60)} minutes of run time on ${escape(environment?.cpu ?? '?')} (${environment?.threads ?? '?'} thread a run, ${environment?.steps ?? '?'} steps, ${environment?.precision ?? '?'}), Node ${escape(environment?.node ?? '?')}, TensorFlow ${escape(environment?.tensorflow ?? '?')}.</p>
${panels.map(({ title, base }) => '<details><summary>Complete configuration of a run: ' + `${escape(title)}</summary><pre>${escape(JSON.stringify(base, null, 2))}</pre></details>`).join('\n')}`,
  );
}
