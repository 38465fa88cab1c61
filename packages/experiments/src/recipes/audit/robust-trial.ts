import { join } from 'node:path';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { findResult } from '../../run/result/run-result.ts';
import { planSweep, type SweepPlan } from '../../sweep/plan.ts';

/** Where the trial is kept, beside the audit's own runs, which take its run over. */
export const trialFolder = (out: string): string => join(out, 'robust-trial');

/**
 * One run of the audit ahead of the others: the robust loss on one image twice, pairs without any
 * change. Where it learns nothing from these, it cannot be asked about noisy ones.
 * @param sweep an audit with the robust arms
 */
export function robustTrial(sweep: SweepConfig, out: string): SweepPlan {
  const plan = planSweep({ ...sweep, seeds: 1 }, trialFolder(out));
  return { ...plan, runs: plan.runs.filter(({ name }) => name === 'twice-robust-seed0') };
}

/** What a trial has shown; undefined while it is not done. */
export function trialOutcome({ runs }: SweepPlan): RobustOutcome | undefined {
  const [run] = runs;
  const found = run && findResult(run.folder, run.config).result?.pretraining;
  if (!found) return undefined;
  const { learned, finalLoss, chanceLoss, steps } = found;
  const chance = chanceLoss === null ? '' : `, at chance ${chanceLoss.toFixed(3)}`;
  return {
    learned: learned === true,
    words: `loss ${finalLoss.toFixed(3)} after ${steps} steps on one image twice${chance}`,
  };
}

/** Whether a robust loss learns from pairs without change, and by what that is told. */
export interface RobustOutcome {
  readonly learned: boolean;
  readonly words: string;
}
