import { availableParallelism, freemem } from 'node:os';
import type { SweepConfig } from '../../config/sweep-config.ts';
import type { RunProgress } from '../../run/run-progress.ts';
import type { Executor, RunWatcher } from './executor.ts';
import type { PlannedRun } from '../plan.ts';
import { runProcess, type ProcessOptions } from './run-process.ts';

export interface LocalProcessesOptions extends ProcessOptions {
  /** At most this many at once. */
  readonly processes: number;
}

/** Does runs as processes of this machine, some at a time. */
export function localProcesses({ processes, ...options }: LocalProcessesOptions): Executor {
  return {
    title: `${processes} at a time`,
    async execute(runs, watcher, signal) {
      const waiting = [...runs];
      const worker = async () => {
        for (let run = waiting.shift(); run && !signal.aborted; run = waiting.shift())
          await watchedProcess(run, watcher, signal, options);
      };
      const workers = Math.min(processes, runs.length);
      await Promise.all(Array.from({ length: workers }, worker));
    },
  };
}

async function watchedProcess(
  run: PlannedRun,
  watcher: RunWatcher,
  signal: AbortSignal,
  options: ProcessOptions,
): Promise<void> {
  watcher.start(run);
  const onProgress = (progress: RunProgress) => {
    watcher.update(run, progress);
  };
  const error = await runProcess(run, onProgress, signal, options);
  if (!signal.aborted) watcher.end(run, error);
}

/**
 * As many processes as cores and free memory hold, and at least one.
 * @throws if there is not the memory for one
 */
export function processesThatFit({ panels, runMemoryMiB }: SweepConfig): number {
  const mostThreads = Math.max(...panels.map(({ base }) => base.threads));
  const byCores = Math.floor(availableParallelism() / mostThreads);
  const byMemory = Math.floor((0.8 * freemem()) / (runMemoryMiB * 2 ** 20));
  if (byMemory < 1)
    throw new Error(
      `memory: expected ${runMemoryMiB} MiB free for a run, got ` +
        `${Math.round(freemem() / 2 ** 20)} MiB (--processes 1 runs all the same)`,
    );
  return Math.max(1, Math.min(byCores, byMemory));
}
