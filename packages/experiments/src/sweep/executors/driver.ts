import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onOneLine } from '@noisy-pairs/command-line';
import { readResult } from '../../run/result/run-result.ts';
import { readProgress } from '../../run/handed-over/progress-file.ts';
import type { PlannedRun } from '../plan.ts';
import type { Engine, RunState } from './engine.ts';
import type { Executor, RunWatcher } from './executor.ts';
import { openLosses } from './losses.ts';

export interface DriverOptions {
  /** Whether the runs are handed over and not waited for. */
  readonly detach?: boolean;
  /** Hears of what is no run's end: an engine that is away, a run that it has lost. */
  readonly onNote: (line: string) => void;
  /** Milliseconds between two looks into the folders. Default 1 s. */
  readonly lookEvery?: number;
  /** Milliseconds that a shared disk may take to show a result. Default 30 s. */
  readonly latency?: number;
}

/** So often a run that the engine has lost is handed over again. */
const mostLost = 3;

/**
 * Does runs by an engine: hands over those that it does not have, looks for their results and
 * their progress in their folders, and hands over again what it has lost. A stop leaves the runs
 * with the engine; whoever starts the sweep again finds them there.
 */
export function byEngine(engine: Engine, options: DriverOptions): Executor {
  const { name } = engine;
  return {
    title: `by ${name}`,
    stopped:
      `no longer watched: the runs go on with ${name}; the same command watches them again, ` +
      'with --cancel it ends them',
    async execute(runs, watcher, signal) {
      const { lookEvery = 1000 } = options;
      const drive = await openDrive(engine, runs, watcher, options);
      if (options.detach) return;
      while (!drive.isEnded()) {
        await pause(lookEvery, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        await drive.look();
      }
    },
  };
}

/** Runs on their way. */
interface Drive {
  isEnded(): boolean;
  /** Looks into the folders, and from time to time asks the engine. */
  look(): Promise<void>;
}

/** Hands over the runs that the engine does not have. */
async function openDrive(
  engine: Engine,
  runs: readonly PlannedRun[],
  watcher: RunWatcher,
  { onNote, latency = 30_000 }: DriverOptions,
): Promise<Drive> {
  const open = new Set(runs);
  const losses = openLosses(latency);
  const progress = openProgress(watcher);
  const silence = openSilence(engine, onNote);
  let seen = await engine.states(runs);
  let asked = performance.now();
  let next = runs.filter(({ name }) => !isWithEngine(seen.get(name)));
  onNote(`${runs.length - next.length} with ${engine.name} already, ${next.length} handed over`);
  const handOver = async () => {
    if (next.length === 0) return;
    const taken = new Set(await engine.submit(next));
    next = next.filter((run) => !taken.has(run));
  };
  await handOver();
  if (next.length > 0) onNote(`${next.length} wait for ${engine.name} to take more`);

  const end = (run: PlannedRun, error?: string) => {
    open.delete(run);
    watcher.end(run, error);
  };
  const ask = async () => {
    asked = performance.now();
    seen = await engine.states([...open]);
    for (const run of open) {
      const state = seen.get(run.name) ?? { is: 'gone' };
      if (next.includes(run)) continue;
      if (state.is === 'failed') end(run, state.why);
      else if (!losses.isLost(run.name, state)) continue;
      else if (losses.count(run.name) > mostLost) end(run, lostFor(engine, run));
      else {
        onNote(`${run.name}: lost by ${engine.name}, handed over again`);
        next.push(run);
      }
    }
    await handOver();
  };
  return {
    isEnded: () => open.size === 0,
    async look() {
      for (const run of open) {
        if (isDone(run)) end(run);
        else progress.report(run, seen.get(run.name));
      }
      if (open.size === 0 || performance.now() - asked < engine.every) return;
      await silence.sayOf(ask());
    },
  };
}

const lostFor = ({ name }: Engine, { folder }: PlannedRun) =>
  `lost by ${name} more than ${mostLost} times, see ${join(folder, 'log.txt')}`;

/** Says that an engine does not answer, and why; not again until that changes. */
function openSilence({ name }: Engine, onNote: (line: string) => void) {
  let said: string | undefined;
  return {
    async sayOf(asked: Promise<void>): Promise<void> {
      const why = await asked.then(
        () => undefined,
        (error: unknown) => onOneLine((error as Error).message),
      );
      if (why !== undefined && why !== said)
        onNote(`${name} does not answer, the runs go on: ${why}`);
      said = why;
    },
  };
}

const isWithEngine = (state: RunState | undefined) =>
  state?.is === 'waiting' || state?.is === 'running';

function isDone({ folder, config }: PlannedRun): boolean {
  readdirSync(folder); // a shared disk looks again
  return readResult(folder, config) !== undefined;
}

/** Tells of the start of a run, once, and of how far it is. */
function openProgress(watcher: RunWatcher) {
  const started = new Set<string>();
  return {
    report(run: PlannedRun, state: RunState | undefined): void {
      if (state?.is !== 'running') return;
      if (!started.has(run.name)) watcher.start(run);
      started.add(run.name);
      const progress = readProgress(run.folder);
      if (progress) watcher.update(run, progress);
    },
  };
}
