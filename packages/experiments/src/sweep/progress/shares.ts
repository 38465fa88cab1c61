import { formatDuration } from '@noisy-pairs/command-line';
import { kindOf } from '../../data/data-config.ts';
import type { RunProgress } from '../../run/run-progress.ts';
import type { NamedRun } from '../grid.ts';

/**
 * Shares of a run's time, as seen on two CPU cores: what the estimate of the time left goes by
 * until runs have ended.
 */
const pretrainingShare = 0.85;
const weights = { pretrained: 1, supervised: 0.4, random: 0.15 };

/** How far a run is, 0..1; the tasks after pretraining count alike. */
export function shareDone(
  { config: { kind, data } }: NamedRun,
  { stage, step, steps }: Pick<RunProgress, 'stage' | 'step' | 'steps'>,
): number {
  const done = step / steps;
  if (stage === 'pretraining') return pretrainingShare * done;
  const tasks = kindOf(data).tasks(data);
  const share = (tasks.indexOf(stage) + done) / tasks.length;
  return kind === 'pretrained' ? pretrainingShare + (1 - pretrainingShare) * share : share;
}

/** How far some runs are, together. */
export interface Shares {
  /** @returns the run's share, 0..1 */
  update(run: NamedRun, progress: RunProgress): number;
  end(run: NamedRun): void;
  /** The share of all, 0..1. */
  done(): number;
  /** `3/8 runs done, about 2 min 5 s left` */
  describe(): string;
}

export function openShares(runs: readonly NamedRun[]): Shares {
  const started = performance.now();
  const shares = new Map<string, number>();
  const ended = new Set<string>();
  const weightOf = ({ config }: NamedRun) => weights[config.kind];
  const total = runs.reduce((sum, run) => sum + weightOf(run), 0);
  const done = () =>
    runs.reduce((sum, run) => sum + weightOf(run) * (shares.get(run.name) ?? 0), 0) / total;
  return {
    update(run, progress) {
      const share = shareDone(run, progress);
      shares.set(run.name, share);
      return share;
    },
    end({ name }) {
      ended.add(name);
      shares.set(name, 1);
    },
    done,
    describe() {
      const seconds = (performance.now() - started) / 1000;
      const left = (seconds / done()) * (1 - done());
      return `${ended.size}/${runs.length} runs done, about ${formatDuration(left)} left`;
    },
  };
}
