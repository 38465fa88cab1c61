import { lines, type Markup, page } from '@noisy-pairs/pages';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { PanelGrid } from '../sweep/grid.ts';
import { lengthTrends } from './plots/length-points.ts';
import { claimsSection } from './sections/claims-section.ts';
import { introduction } from './sections/introduction.ts';
import { assumptionSection, originSection } from './sections/origin-section.ts';
import { lengthSection } from './sections/length-section.ts';
import { notesSection } from './sections/notes-section.ts';
import { panelSection } from './sections/panel-section.ts';
import { sampleSection } from './sections/sample-section.ts';
import { trendSection } from './sections/trend-section.ts';
import type { FinishedRun } from './summary/setting-runs.ts';
import type { SweepSummary } from './summary/summary.ts';

export interface ReportOptions {
  readonly sweep: SweepConfig;
  readonly grids: readonly PanelGrid[];
  readonly summary: SweepSummary;
  readonly finished: readonly FinishedRun[];
  readonly folderOf: (run: FinishedRun) => string;
  /** A line for each thing that is lost or damaged in the runs' folders. */
  readonly notes: readonly string[];
  /** The command that gives this sweep. */
  readonly command: string;
}

/** One self-contained HTML page: nothing is loaded from elsewhere. */
export async function reportHtml(options: ReportOptions): Promise<string> {
  const { sweep, grids, summary, finished, folderOf, notes, command } = options;
  const byName = new Map(finished.map((run) => [run.name, run]));
  const sections: Markup[] = [];
  for (const [i, grid] of grids.entries()) {
    const panel = summary.panels[i];
    if (panel) sections.push(await panelSection(grid, panel, byName, folderOf, summary.margin));
  }
  const body = lines([
    introduction(sweep, summary),
    ...notesSection(notes),
    await trendSection(sweep, summary),
    ...claimsSection(summary.claims),
    ...(await lengthSection(lengthTrends(grids, finished))),
    ...sections,
    await sampleSection(sweep),
    assumptionSection(sweep),
    originSection(sweep, finished, command),
  ]);
  return page(`Noisy Pairs: ${sweep.recipe}`, body);
}
