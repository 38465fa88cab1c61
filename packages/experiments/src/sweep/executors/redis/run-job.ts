import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunJob } from './queue.ts';

export interface JobProgram {
  /** The program that does one run, with the options of commands/run.ts. */
  readonly program?: URL;
}

/** How a run's process ended. */
export interface JobEnd {
  /** Its exit code; that of a shell where a signal killed it. */
  readonly code: number;
  /** In words: `exit code 7`, `killed by SIGKILL`. */
  readonly how: string;
  readonly isKilled: boolean;
}

const defaultProgram = new URL('../../../../dist/commands/run.js', import.meta.url);

/**
 * Does a run in a process of its own, which ends when this one is gone.
 * @param signal has it stop at a checkpoint
 */
export function runJob(
  { folder, eager }: RunJob,
  signal: AbortSignal,
  { program = defaultProgram }: JobProgram,
): Promise<JobEnd> {
  const log = openSync(join(folder, 'log.txt'), 'a');
  const file = join(folder, 'config.json');
  const flags = ['--config', file, '--out', folder, '--take-over', ...(eager ? ['--eager'] : [])];
  const child = fork(fileURLToPath(program), flags, {
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, REDIS_USERNAME: undefined, REDIS_PASSWORD: undefined },
    detached: true, // Ctrl-C is for the worker, which passes it on
  });
  closeSync(log);
  const stop = () => child.kill('SIGTERM');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return new Promise<JobEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, killedBy) => {
      const code = exitCode ?? 128 + (killedBy ? constants.signals[killedBy] : 0);
      const how = killedBy ? `killed by ${killedBy}` : `exit code ${code}`;
      resolve({ code, how, isKilled: code > 128 });
    });
  }).finally(() => {
    signal.removeEventListener('abort', stop);
  });
}
