import type { RunWatcher } from '../executors/executor.ts';

/** Shows the progress of a sweep, with the time left. */
export interface SweepProgress extends RunWatcher {
  close(): void;
}
