import type { Progress } from '@noisy-pairs/training';
import type { HeadTask } from '../data/kind.ts';

/** Progress of a run: which of its parts, and how far. */
export interface RunProgress extends Progress {
  readonly stage: 'pretraining' | HeadTask;
}

/** Options that do not change a run's result. */
export interface RunHow {
  /** Steps run op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called with lines for the run's log. */
  readonly onMessage?: (line: string) => void;
  /** Called before each write, which does not happen if it throws. */
  readonly beforeWrite?: () => void;
  /** Called when a checkpoint of the pretraining is written. */
  readonly onCheckpoint?: () => void;
}
