import { createHash } from 'node:crypto';

/** Name of the queue that sweeps and workers share. */
export const queueName = 'noisy-pairs';

/** A job of the queue: a run. */
export interface RunJob {
  /** Of the run, on the shared disk. */
  readonly folder: string;
  readonly eager: boolean;
  /** Set when the sweep wants it ended. */
  readonly cancelled?: boolean;
}

/** A run's job is known by its folder. BullMQ's ids have no colon and are no numbers. */
export function jobId(folder: string): string {
  return `r${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
}
