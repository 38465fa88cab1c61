import { formatDuration } from '@noisy-pairs/command-line';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { NamedRun } from '../grid.ts';
import type { SweepProgress } from './sweep-progress.ts';
import { openShares } from './shares.ts';

/** Steps of a bar. */
const full = 1000;

/** On a terminal: a bar a run under way, and one for all. */
export function openProgressBars(runs: readonly NamedRun[]): SweepProgress {
  const bars = new MultiBar({
    format: '{bar} {name} {text}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    autopadding: false,
  });
  const longest = Math.max(...runs.map(({ name }) => name.length), 5);
  const create = (name: string, text: string) =>
    bars.create(full, 0, { name: name.padEnd(longest), text });
  const shares = openShares(runs);
  const whole = create('sweep', '');
  const underWay = new Map<string, SingleBar>();
  const refresh = () => {
    whole.update(Math.round(full * shares.done()), { text: shares.describe() });
  };
  return {
    start({ name }) {
      underWay.set(name, create(name, 'starting'));
    },
    update(run, progress) {
      const { stage, step, steps, loss, secondsLeft } = progress;
      const text =
        `${stage} ${step}/${steps}, loss ${loss.toFixed(3)}, ` +
        `${formatDuration(secondsLeft)} left`;
      const share = shares.update(run, progress);
      underWay.get(run.name)?.update(Math.round(full * share), { text });
      refresh();
    },
    end(run, error) {
      shares.end(run);
      const bar = underWay.get(run.name);
      if (bar) bars.remove(bar);
      bars.log(error === undefined ? `finished ${run.name}\n` : `FAILED   ${run.name}: ${error}\n`);
      refresh();
    },
    close() {
      bars.stop();
    },
  };
}
