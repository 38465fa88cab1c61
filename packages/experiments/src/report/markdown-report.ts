import { markdownTable } from 'markdown-table';
import type { Table } from '@noisy-pairs/pages';
import type { SweepConfig } from '../config/sweep-config.ts';
import { originOf } from './sections/origin-section.ts';
import type { FinishedRun } from './summary/setting-runs.ts';
import type { PanelSummary, SweepSummary } from './summary/summary.ts';
import { claimsTable } from './tables/claims-table.ts';
import { comparisonTable, resultTable } from './tables/table.ts';
import { missingRuns, panelVerdict } from './verdict.ts';

/**
 * A sweep's findings as Markdown, for a README, an issue or a paper's supplement: sentences, tables
 * and the plots beside it.
 * @param plots names of SVG files in the same folder
 * @param command gives the sweep again
 */
export function markdownReport(
  { recipe, figure }: SweepConfig,
  summary: SweepSummary,
  finished: readonly FinishedRun[],
  plots: readonly string[],
  command: string,
): string {
  const { panels, claims, missing } = summary;
  const parts = [
    `# ${recipe}`,
    `After ${figure} of Gerard & Sullivan. ${origin(finished)}`,
    'Every run: [results.csv](results.csv).',
    ['```bash', command, '```'].join('\n'),
    ...plots.map((name) => `![${name}](${name})`),
    ...missingRuns(missing),
    ...(claims.length > 0 ? ["## Beside the study's captions", tableOf(claimsTable(claims))] : []),
    ...panels.flatMap((panel) => panelParts(panel, summary)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function panelParts(panel: PanelSummary, summary: SweepSummary): string[] {
  const compared = comparisonTable(panel, summary.margin);
  return [
    `## ${panel.title}`,
    panelVerdict(panel, summary)
      .map((line) => `- ${line}`)
      .join('\n'),
    tableOf(resultTable(panel)),
    ...(compared.rows.length > 0 ? [tableOf(compared)] : []),
  ];
}

const tableOf = ({ head, rows }: Table) =>
  markdownTable([head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))));

function origin(finished: readonly FinishedRun[]): string {
  const { minutes, cpu, threads, steps, precision, tensorflow } = originOf(finished);
  return (
    `${finished.length} runs, ${minutes} minutes of run time on ${cpu} ` +
    `(${threads} thread a run, ${steps} steps, ${precision}, TensorFlow ${tensorflow}).`
  );
}
