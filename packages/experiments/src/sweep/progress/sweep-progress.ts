import type { RunWatcher } from '../executor.ts';

/** Shows the progress of a sweep, with the time left. */
export interface SweepProgress extends RunWatcher {
  close(): void;
}
