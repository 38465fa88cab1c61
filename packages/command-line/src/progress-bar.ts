import { Presets, SingleBar } from 'cli-progress';

/** A bar with the time left; without a terminal, a line every five seconds. */
export interface ProgressBar {
  /**
   * Starts the bar where it has not begun, or anew where `what` is another than before.
   * @param what the things counted, default those that the bar was opened for
   */
  readonly update: (done: number, total: number, what?: string) => void;
  /** To be called in any case, at the end or after an error. */
  readonly stop: () => void;
}

/** @param what the things counted, in the plural: `images`, `places` */
export function openProgressBar(what: string): ProgressBar {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % | {value}/{total} {what} | {eta_formatted} left',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
    },
    Presets.shades_classic,
  );
  let current: string | undefined;
  return {
    update(done, total, counted = what) {
      if (counted !== current) {
        if (current !== undefined) bar.stop();
        bar.start(total, 0, { what: counted });
        current = counted;
      }
      bar.update(done);
    },
    stop() {
      bar.stop();
    },
  };
}
