import type { NamedRun } from '../grid.ts';
import type { SweepProgress } from './sweep-progress.ts';
import { openShares } from './shares.ts';

/** A line when a run starts or ends, and one of the whole every half minute. */
export function openProgressLines(runs: readonly NamedRun[]): SweepProgress {
  const shares = openShares(runs);
  const timer = setInterval(() => {
    console.log(shares.describe());
  }, 30_000);
  return {
    start({ name }) {
      console.log(`started   ${name}`);
    },
    update(run, progress) {
      shares.update(run, progress);
    },
    end(run, error) {
      shares.end(run);
      const line =
        error === undefined ? `finished  ${run.name}` : `FAILED    ${run.name}: ${error}`;
      console.log(`${line} (${shares.describe()})`);
    },
    close() {
      clearInterval(timer);
    },
  };
}
