/**
 * Seconds that a run spent on steps, on waiting for their data, and in pauses: measuring, logging,
 * writing checkpoints. JSON-safe.
 */
export interface RunTimes {
  readonly training: number;
  readonly waiting: number;
  readonly paused: number;
}

/** Accounts for every moment of a run's loop. */
export interface StepClock {
  /**
   * From now on time is spent on this.
   * @param at milliseconds on the clock that steps are timed by (see now); a moment before the last
   *   one counts as that
   */
  enter(phase: keyof RunTimes, at?: number): void;
  /** All time until the last `enter`, that of interrupted runs included. */
  readonly times: RunTimes;
  /** The time between the last call of this and the last `enter`. */
  lap(): RunTimes;
  /** The time between the clock's start and the last `enter`, in seconds. */
  readonly elapsed: number;
}

/** Milliseconds on the clock that steps are timed by, process.hrtime's. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A clock that is waiting. @param before the times of a run that was interrupted */
export function startClock(before: RunTimes = none, at: number = now()): StepClock {
  let phase: keyof RunTimes = 'waiting';
  let since = at;
  let times = before;
  let lapped = before;
  return {
    enter(next, moment = now()) {
      const until = Math.max(since, moment);
      times = { ...times, [phase]: times[phase] + (until - since) / 1000 };
      since = until;
      phase = next;
    },
    get times() {
      return times;
    },
    lap() {
      const lap = difference(times, lapped);
      lapped = times;
      return lap;
    },
    get elapsed() {
      return (since - at) / 1000;
    },
  };
}

const none: RunTimes = { training: 0, waiting: 0, paused: 0 };

const difference = (after: RunTimes, before: RunTimes): RunTimes => ({
  training: after.training - before.training,
  waiting: after.waiting - before.waiting,
  paused: after.paused - before.paused,
});
