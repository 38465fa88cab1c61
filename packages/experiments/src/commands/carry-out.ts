import { join } from 'node:path';
import Table from 'cli-table3';
import { usualMargin } from '../report/summary/summary.ts';
import { resultTable } from '../report/tables/table.ts';
import type { CollectedSweep } from '../sweep/collect.ts';
import { executeSweep, type Executor } from '../sweep/executors/executor.ts';
import { firstErrorOfLog } from '../sweep/executors/log-error.ts';
import type { PlannedRun } from '../sweep/plan.ts';
import type { PreparedSweep } from '../sweep/prepare.ts';
import { openProgressBars } from '../sweep/progress/bars.ts';
import { openProgressLines } from '../sweep/progress/lines.ts';

/** Points as a share; the usual margin where none are given. */
export function marginOf(points: number | undefined): number {
  return points === undefined ? usualMargin : points / 100;
}

/** Does the open runs, until they are done or the user stops them. */
export async function executeOpen(
  { runs, open, damaged, lost }: PreparedSweep,
  executor: Executor,
): Promise<void> {
  for (const line of damaged) console.log(`${line}; its run is done again`);
  if (open.length < runs.length) console.log(`${runs.length - open.length} runs were done already`);
  if (open.length === 0) return;
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  lost.addEventListener('abort', onSignal);
  const progress = process.stdout.isTTY ? openProgressBars(open) : openProgressLines(open);
  try {
    if (lost.aborted) onSignal();
    await executeSweep(open, executor, progress, stop.signal);
  } catch (error) {
    lost.throwIfAborted();
    throw error;
  } finally {
    progress.close();
  }
}

/** @throws if runs have failed, after all else is printed */
export function printFindings({
  summary,
  verdicts,
  report,
  failed,
  notes,
  runs,
}: CollectedSweep): void {
  for (const panel of summary.panels) {
    const { head, rows } = resultTable(panel);
    const table = new Table({ head: [...head], style: { head: [], border: [] } });
    table.push(...rows.map((row) => [...row]));
    const title = summary.panels.length > 1 ? `${panel.title}\n` : '';
    console.log(`\n${title}${table.toString()}`);
  }
  if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
  console.log(`\n${verdicts.join('\n')}\n\n${report}`);
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${runs} runs failed, ${failuresOf(failed)}`);
}

/** What the first of some runs died of, and where all have told it. */
export function failuresOf(failed: readonly PlannedRun[]): string {
  const logs = failed.map(({ folder }) => join(folder, 'log.txt'));
  return `one by ${firstErrorOfLog(logs[0] ?? '')}; their logs: ${logs.join(', ')}`;
}
