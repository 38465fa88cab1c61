import { join } from 'node:path';
import Table from 'cli-table3';
import { usualMargin } from '../report/summary/summary.ts';
import { resultTable } from '../report/tables/table.ts';
import { collectSweep, type CollectedSweep } from '../sweep/collect.ts';
import { executeSweep, type Executor } from '../sweep/executors/executor.ts';
import type { SweepPlan } from '../sweep/plan.ts';
import { prepareSweep, type PreparedSweep } from '../sweep/prepare.ts';
import { openProgressBars } from '../sweep/progress/bars.ts';
import { openProgressLines } from '../sweep/progress/lines.ts';

/**
 * Does what is open of a sweep, writes its report, and prints what was found.
 * @param command gives this sweep, for the report
 * @param margin differences within it count as none, 0..1
 * @param then hears what was found, before anything that has failed is an error
 * @throws if runs have failed, after all else is printed
 */
export async function carryOut(
  plan: SweepPlan,
  executor: Executor,
  command: string,
  margin: number,
  say: (line: string) => void,
  then: (found: CollectedSweep) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const prepared = await prepareSweep(plan, say);
  try {
    await executeOpen(prepared, executor);
    const found = await collectSweep(plan, command, margin);
    await then(found);
    printFindings(found);
  } finally {
    await prepared.release();
  }
}

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
  if (failed.length > 0) {
    const logs = failed.map(({ folder }) => join(folder, 'log.txt'));
    throw new Error(`${failed.length} of ${runs} runs failed; their logs: ${logs.join(', ')}`);
  }
}
