import { join } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { lengthPlot } from '../report/plots/length-plot.ts';
import { lengthTrends, type LengthTrend } from '../report/plots/length-points.ts';
import { trendPlot } from '../report/plots/trend-plot.ts';
import { markdownReport } from '../report/markdown-report.ts';
import { reportHtml } from '../report/report.ts';
import { resultsCsv, timingsCsv } from '../report/tables/results-csv.ts';
import { summariseSweep, usualMargin, type SweepSummary } from '../report/summary/summary.ts';
import { verdicts } from '../report/verdict.ts';
import type { FinishedRun } from '../report/summary/setting-runs.ts';
import { runNotes } from '../run/result/run-notes.ts';
import { firstErrorOfLog } from './executors/log-error.ts';
import { finishedRuns, runFolder, type PlannedRun, type SweepPlan } from './plan.ts';

/** The findings of a sweep, as far as its runs have finished. */
export interface CollectedSweep {
  readonly summary: SweepSummary;
  readonly verdicts: readonly string[];
  /** File of the report. */
  readonly report: string;
  /** Runs without a result. */
  readonly failed: readonly PlannedRun[];
  /** A line for each thing that is lost or damaged in the folders of finished runs. */
  readonly notes: readonly string[];
  /** Number of all runs. */
  readonly runs: number;
}

/**
 * Reads the results of a sweep and writes results.csv, timings.csv, summary.json, plot.svg,
 * length.svg (where panels differ by their length alone), report.md and report.html.
 * @param command gives this sweep, for the report
 * @param margin differences within it count as none, 0..1
 * @throws if no run has finished
 */
export async function collectSweep(
  plan: SweepPlan,
  command: string,
  margin = usualMargin,
): Promise<CollectedSweep> {
  const { sweep, out, grids, runs } = plan;
  const finished = finishedRuns(plan);
  const names = new Set(finished.map(({ name }) => name));
  const failed = runs.filter(({ name }) => !names.has(name));
  const log = join(failed[0]?.folder ?? out, 'log.txt');
  if (finished.length === 0)
    throw new Error(`expected finished runs, got none: ${firstErrorOfLog(log)}; see ${log}`);
  const summary = summariseSweep(sweep.recipe, grids, finished, margin);
  const sentences = verdicts(summary);
  const json = JSON.stringify({ ...summary, verdicts: sentences }, null, 2);
  const write = (name: string, text: string) => writeFileAtomic(join(out, name), text);
  await write('results.csv', resultsCsv(finished));
  await write('timings.csv', timingsCsv(finished));
  await write('summary.json', `${json}\n`);
  const plots = await plotsOf(summary, lengthTrends(grids, finished));
  for (const [name, svg] of plots) await write(name, svg);
  const files = plots.map(([name]) => name);
  await write('report.md', markdownReport(sweep, summary, finished, files, command));
  const folderOf = (run: FinishedRun) => runFolder(out, run);
  const notes: string[] = [];
  for (const run of finished) notes.push(...(await runNotes(folderOf(run), run)));
  const report = await reportHtml({ sweep, grids, summary, finished, folderOf, notes, command });
  await write('report.html', report);
  return {
    summary,
    verdicts: sentences,
    report: join(out, 'report.html'),
    failed,
    notes,
    runs: runs.length,
  };
}

/** Plots as SVG documents by the names of their files. */
async function plotsOf(
  summary: SweepSummary,
  trends: readonly LengthTrend[],
): Promise<[name: string, svg: string][]> {
  const trend = await trendPlot(summary);
  return [
    ...(trends.length > 0
      ? [['length.svg', await lengthPlot(trends)] satisfies [string, string]]
      : []),
    ...(trend === undefined ? [] : [['plot.svg', trend] satisfies [string, string]]),
  ];
}
