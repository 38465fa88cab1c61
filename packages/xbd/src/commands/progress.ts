import { Presets, SingleBar } from 'cli-progress';

/**
 * A bar with the time left, made when the first progress comes; without a terminal a line every
 * five seconds.
 */
export function openBar(what: string): {
  update: (done: number, of: number) => void;
  stop: () => void;
} {
  const bar = new SingleBar(
    {
      format: `{bar} {percentage} % | {value}/{total} ${what} | {eta_formatted} left`,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
    },
    Presets.shades_classic,
  );
  return {
    update(done, of) {
      if (!bar.isActive) bar.start(of, 0);
      bar.update(done);
    },
    stop: () => {
      bar.stop();
    },
  };
}
