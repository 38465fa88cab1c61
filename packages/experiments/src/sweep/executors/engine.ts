import type { PlannedRun } from '../plan.ts';

/** What an engine says of a run: a hint, for the truth is the result in the run's folder. */
export type RunState =
  | { readonly is: 'waiting' | 'running' }
  | { readonly is: 'failed'; readonly why: string }
  /** The engine does not know it, or no more. */
  | { readonly is: 'gone' };

/**
 * A service that keeps runs in a queue and does them on other machines, which share the folders of
 * the runs. It goes on when the sweep that asked it is gone.
 */
export interface Engine {
  /** In words: `SLURM`. */
  readonly name: string;
  /** Milliseconds between two questions for states. */
  readonly every: number;
  /** @throws one line if it is not there */
  check(): Promise<void>;
  /**
   * Hands runs over, the first ones first.
   * @returns those that it has taken: its limits may leave some for later
   */
  submit(runs: readonly PlannedRun[]): Promise<readonly PlannedRun[]>;
  /** States by the runs' names. @throws while it cannot be asked */
  states(runs: readonly PlannedRun[]): Promise<ReadonlyMap<string, RunState>>;
  /** Ends those that are waiting or running; their checkpoints stay. */
  cancel(runs: readonly PlannedRun[]): Promise<void>;
  close(): Promise<void>;
}
