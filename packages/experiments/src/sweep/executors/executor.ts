import type { RunProgress } from '../../run/run-progress.ts';
import type { PlannedRun } from '../plan.ts';

/** Hears of runs while they are done. */
export interface RunWatcher {
  start(run: PlannedRun): void;
  update(run: PlannedRun, progress: RunProgress): void;
  /** @param error undefined when the run has finished; else what it died of */
  end(run: PlannedRun, error: string | undefined): void;
}

/**
 * A place where runs are done: processes of this machine, say, or the queue of a cluster. Opening
 * one checks that it is there. It finds a run's configuration in the config.json of its folder;
 * what it tells a watcher is a hint, for a run is done when its folder holds the result of this
 * very configuration.
 */
export interface Executor {
  /** For the headline of a sweep: `2 at a time`. */
  readonly title: string;
  /** A line on what a stop has left, and how to go on. */
  readonly stopped?: string;
  /**
   * Does runs, the first ones first, and resolves when none is under way. A run that fails does not
   * stop the others. An aborted signal stops those under way, whose checkpoints stay, and none is
   * started any more; or, where an engine does them, it ends the watching alone.
   */
  execute(runs: readonly PlannedRun[], watcher: RunWatcher, signal: AbortSignal): Promise<void>;
}

/** @throws if it was stopped by the signal */
export async function executeSweep(
  open: readonly PlannedRun[],
  executor: Executor,
  watcher: RunWatcher,
  signal: AbortSignal,
): Promise<void> {
  await executor.execute(open, watcher, signal);
  const usual = 'stopped; the same command goes on from the checkpoints';
  if (signal.aborted) throw new Error(executor.stopped ?? usual);
}
