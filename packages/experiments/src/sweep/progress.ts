import { MultiBar, type SingleBar } from 'cli-progress';
import type { NamedRun } from './grid.ts';
import { kindOf } from '../data/data-config.ts';
import type { RunProgress } from '../run/run-progress.ts';

/**
 * Shares of a run's time, as seen on two CPU cores: what the estimate of the time left goes by
 * until runs have ended.
 */
const PRETRAINING = 0.85;
const weightOf = ({ config }: NamedRun) =>
  config.kind === 'pretrained' ? 1 : config.kind === 'supervised' ? 0.4 : 0.15;

/** Progress of a sweep: one line a run under way and one for all, with the time left. */
export interface SweepProgress {
  start(run: NamedRun): void;
  update(run: NamedRun, progress: RunProgress): void;
  end(run: NamedRun, error: string | undefined): void;
  close(): void;
}

export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  return s < 3600
    ? `${Math.floor(s / 60)} min ${s % 60} s`
    : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** How far a run is, 0..1. */
function shareDone({ config }: NamedRun, { stage, step, steps }: RunProgress): number {
  const done = step / steps;
  if (stage === 'pretraining') return PRETRAINING * done;
  const tasks = kindOf(config.data).tasks(config.data);
  const after = (tasks.indexOf(stage) + done) / tasks.length;
  return config.kind === 'pretrained' ? PRETRAINING + (1 - PRETRAINING) * after : after;
}

const describe = ({ stage, step, steps, loss }: RunProgress) =>
  `${stage} ${step}/${steps}, loss ${loss.toFixed(3)}`;

/**
 * Bars on a terminal; elsewhere a line when a run starts or ends, and one of the whole every half
 * minute.
 */
export function openSweepProgress(runs: readonly NamedRun[], terminal: boolean): SweepProgress {
  const total = runs.reduce((sum, run) => sum + weightOf(run), 0);
  const shares = new Map<string, number>();
  const started = performance.now();
  let ended = 0;
  const done = () =>
    runs.reduce((sum, run) => sum + weightOf(run) * (shares.get(run.name) ?? 0), 0);
  const left = () =>
    formatDuration(((performance.now() - started) / 1000 / done()) * (total - done()));
  const counts = () => `${ended}/${runs.length} runs done`;

  if (!terminal) {
    const timer = setInterval(() => {
      console.log(`${counts()}, about ${left()} left`);
    }, 30_000);
    return {
      start: ({ name }) => {
        console.log(`started   ${name}`);
      },
      update: (run, progress) => {
        shares.set(run.name, shareDone(run, progress));
      },
      end(run, error) {
        ended++;
        shares.set(run.name, 1);
        console.log(
          `${error === undefined ? 'finished ' : 'FAILED   '} ` +
            `${run.name}${error === undefined ? '' : `: ${error}`} (${counts()}, about ${left()} ` +
            'left)',
        );
      },
      close: () => {
        clearInterval(timer);
      },
    };
  }

  const bars = new MultiBar({
    format: '{bar} {name} {text}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    autopadding: false,
  });
  const longest = Math.max(...runs.map(({ name }) => name.length), 5);
  const whole = bars.create(1000, 0, { name: 'sweep'.padEnd(longest), text: '' });
  const open = new Map<string, SingleBar>();
  const refresh = () => {
    whole.update(Math.round((1000 * done()) / total), {
      text: `${counts()}, about ${left()} left`,
    });
  };
  return {
    start({ name }) {
      open.set(name, bars.create(1000, 0, { name: name.padEnd(longest), text: 'starting' }));
    },
    update(run, progress) {
      const share = shareDone(run, progress);
      shares.set(run.name, share);
      open.get(run.name)?.update(Math.round(1000 * share), {
        text: `${describe(progress)}, ${formatDuration(progress.secondsLeft)} left`,
      });
      refresh();
    },
    end(run, error) {
      ended++;
      shares.set(run.name, 1);
      const bar = open.get(run.name);
      if (bar) bars.remove(bar);
      bars.log(
        `${error === undefined ? 'finished' : 'FAILED  '} ` +
          `${run.name}${error === undefined ? '' : `: ${error}`}\n`,
      );
      refresh();
    },
    close: () => {
      bars.stop();
    },
  };
}
