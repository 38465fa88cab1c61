import type { SweepConfig } from '../config/sweep-config.ts';
import type { AuditOptions } from '../recipes/audit/audit-sweep.ts';
import { bestRun, encoderFile } from '../recipes/audit/best-encoder.ts';
import {
  robustTrial,
  trialFolder,
  trialOutcome,
  type RobustOutcome,
} from '../recipes/audit/robust-trial.ts';
import { timeSweep } from '../recipes/audit/time-sweep.ts';
import { collectSweep, type CollectedSweep } from '../sweep/collect.ts';
import type { OpenExecutor } from '../sweep/executors/open-executor.ts';
import { planSweep, type SweepPlan } from '../sweep/plan.ts';
import { prepareSweep } from '../sweep/prepare.ts';
import { pairCountLines } from '../sweep/settings/pair-counts.ts';
import { executeOpen, failuresOf, printFindings } from './carry-out.ts';
import { cancelRuns } from './engine-flags.ts';

/** An audit whose pairs are found and scored. */
export interface Audit {
  readonly out: string;
  readonly opened: OpenExecutor;
  /** Whether a robust loss is tried. */
  readonly tries: boolean;
  /** The audit's configuration. @param say called with a line on each value that flags change */
  sweep(robust: AuditOptions['robust'], say: (line: string) => void): Promise<SweepConfig>;
}

/**
 * Does an audit's runs, the trial of a robust loss first; writes the report and the best arm's
 * encoder, and prints what was found.
 * @param command gives this audit, for the report
 * @param margin differences within it count as none, 0..1
 * @throws if runs have failed, after all else is printed
 */
export async function auditRuns(audit: Audit, command: string, margin: number): Promise<void> {
  const { out, opened, tries } = audit;
  const robust = tries ? await tried(audit) : 'no';
  const plan = planSweep(await audit.sweep(robust, say), out);
  await sayPlan(plan, audit);
  const prepared = await prepareSweep(plan, say, tries ? [trialFolder(out)] : []);
  try {
    await executeOpen(prepared, opened.executor);
    const found = await collectSweep(plan, command, margin);
    await exportBest(plan, found);
    printFindings(found);
  } finally {
    await prepared.release();
  }
}

/** Has an engine end what it has of an audit: the trial, or the runs after it. */
export async function cancelAudit(audit: Audit): Promise<void> {
  const trial = robustTrial(await audit.sweep('arms', () => undefined), audit.out);
  const outcome = audit.tries ? trialOutcome(trial) : 'no';
  const plan = outcome && planSweep(await audit.sweep(outcome, () => undefined), audit.out);
  await cancelRuns(plan ?? trial, audit.opened, say);
}

/** Says what would be done and how long it takes. @param folder of the configuration */
export async function foresee(audit: Audit, folder: string, processes: number): Promise<void> {
  const plan = planSweep(await audit.sweep('no', say), folder);
  await sayPlan(plan, audit);
  const { all, run } = await timeSweep(plan, processes);
  const minutes = (seconds: number) => `about ${Math.ceil(seconds / 60)} minutes`;
  say(`${minutes(all)}, by ${processes} at a time, from timed steps; a run ${minutes(run)}`);
  if (audit.tries) say('a run more tries a robust loss; where it learns, its arms are added');
}

const say = (line: string) => {
  console.log(line);
};

async function sayPlan(plan: SweepPlan, { opened, out }: Audit): Promise<void> {
  say(`audit: ${plan.runs.length} runs, ${opened.executor.title}; into ${out}`);
  for (const line of await pairCountLines(plan)) say(`  ${line}`);
}

/** Has the robust loss tried, if that is not done yet. @throws if the trial has failed */
async function tried(audit: Audit): Promise<RobustOutcome> {
  const plan = robustTrial(await audit.sweep('arms', () => undefined), audit.out);
  if (!trialOutcome(plan)) {
    say('trial: does a robust loss learn from one image twice?');
    const prepared = await prepareSweep(plan, say);
    await executeOpen(prepared, audit.opened.executor).finally(() => prepared.release());
  }
  const outcome = trialOutcome(plan);
  if (!outcome) throw new Error(`the trial of a robust loss failed, ${failuresOf(plan.runs)}`);
  const { learned, words } = outcome;
  say(`robust loss: ${learned ? 'it learns' : 'left out, as it does not learn'} (${words})`);
  return outcome;
}

async function exportBest(plan: SweepPlan, { summary, failed }: CollectedSweep): Promise<void> {
  const open = new Set(failed.map(({ name }) => name));
  const best = bestRun(plan, summary, (name) => !open.has(name));
  if (!best) return;
  const { exportRun } = await import('../run/encoder-export.ts');
  const to = encoderFile(plan.out);
  await exportRun({ run: best.folder, format: 'safetensors', out: to, force: true });
  say(`${to}: the encoder of the best arm, ${best.arm}, seed 0`);
}
