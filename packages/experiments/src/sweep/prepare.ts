import { join } from 'node:path';
import { removeUnfinishedFiles } from '@noisy-pairs/imaging';
import { makeFolder } from '../folder/make-folder.ts';
import { writeJsonFile } from '../run/config-file.ts';
import { lockSweep } from '../folder/sweep-lock.ts';
import { claimFolder } from './claim-folder.ts';
import { reuseRuns } from './reuse-runs.ts';
import { damagedResults, openRuns, type PlannedRun, type SweepPlan } from './plan.ts';

/** A sweep whose folder is this process's alone, with the config.json of every run in it. */
export interface PreparedSweep extends SweepPlan {
  /** Runs that had no result. */
  readonly open: readonly PlannedRun[];
  /** A line for each result that is damaged or edited, whose run is open therefore. */
  readonly damaged: readonly string[];
  /** Aborts, with the reason, if others may have come into the folder. */
  readonly lost: AbortSignal;
  /** Lets others into the folder. */
  release(): Promise<void>;
}

/**
 * Writes sweep.json and every open run's config.json, so that runs can be done here or elsewhere.
 * @param onNote hears of a lock that counts for nothing, of data without hashes, and of runs that
 *   are taken over
 * @param reuse folders of other sweeps, to take runs over from
 * @throws if the folder is another sweep's, data have changed, or another process is at work in it
 */
export async function prepareSweep(
  plan: SweepPlan,
  onNote: (line: string) => void = () => undefined,
  reuse: readonly string[] = [],
): Promise<PreparedSweep> {
  makeFolder(plan.out);
  await claimFolder(plan, onNote);
  const held = await lockSweep(plan.out, onNote);
  const release = () => held.release();
  try {
    removeUnfinishedFiles(plan.out, false);
    const damaged = damagedResults(plan);
    const open = await reuseRuns(plan, openRuns(plan), reuse, onNote);
    for (const run of open) await writeConfig(run);
    return { ...plan, open, damaged, lost: held.lost, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function writeConfig({ folder, config }: PlannedRun): Promise<void> {
  makeFolder(folder);
  await writeJsonFile(join(folder, 'config.json'), config);
}
