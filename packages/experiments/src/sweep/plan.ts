import { join } from 'node:path';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { FinishedRun } from '../report/summary/setting-runs.ts';
import { findResult, readResult } from '../run/result/run-result.ts';
import { expandGrid, runsOf, type NamedRun, type PanelGrid } from './grid.ts';

/** A run and the folder for all it leaves. */
export interface PlannedRun extends NamedRun {
  readonly folder: string;
}

/** All runs of a sweep and where they go; nothing is written yet. */
export interface SweepPlan {
  readonly sweep: SweepConfig;
  readonly out: string;
  readonly grids: readonly PanelGrid[];
  /** Each run once, in the order they should be done in. */
  readonly runs: readonly PlannedRun[];
}

export function planSweep(sweep: SweepConfig, out: string): SweepPlan {
  const grids = expandGrid(sweep);
  const runs = runsOf(grids).map((run) => ({ ...run, folder: runFolder(out, run) }));
  return { sweep, out, grids, runs };
}

export function runFolder(out: string, { name }: NamedRun): string {
  return join(out, 'runs', name);
}

/** Runs whose folders hold the result of their very configuration. */
export function finishedRuns({ runs }: SweepPlan): FinishedRun[] {
  return runs.flatMap((run) => {
    const result = readResult(run.folder, run.config);
    return result ? [{ ...run, result }] : [];
  });
}

/** Runs that are still to be done. */
export function openRuns({ runs }: SweepPlan): PlannedRun[] {
  return runs.filter((run) => !readResult(run.folder, run.config));
}

/** A line for each result that is there and counts as none. */
export function damagedResults({ runs }: SweepPlan): string[] {
  return runs.flatMap(({ folder, config }) => findResult(folder, config).damage ?? []);
}
