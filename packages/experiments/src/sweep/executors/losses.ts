import type { RunState } from './engine.ts';

/** Counts how often an engine has lost a run. */
export interface Losses {
  /**
   * Whether a run without a result is lost by now: gone for longer than a shared disk takes to
   * show a result. It is counted then.
   */
  isLost(name: string, state: RunState): boolean;
  count(name: string): number;
}

/** @param latency of the disk, in milliseconds */
export function openLosses(latency: number): Losses {
  const goneSince = new Map<string, number>();
  const counts = new Map<string, number>();
  return {
    isLost(name, state) {
      if (state.is !== 'gone') {
        goneSince.delete(name);
        return false;
      }
      const since = goneSince.get(name) ?? performance.now();
      goneSince.set(name, since);
      if (performance.now() - since < latency) return false;
      goneSince.delete(name);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return true;
    },
    count: (name) => counts.get(name) ?? 0,
  };
}
