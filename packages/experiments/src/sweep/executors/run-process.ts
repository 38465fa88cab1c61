import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream';
import { join } from 'node:path';
import type { RunProgress } from '../../run/run-progress.ts';
import type { PlannedRun } from '../plan.ts';
import { firstError } from './log-error.ts';

export interface ProcessOptions {
  /** Steps run op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /**
   * The program that does one run, with the options of commands/run.ts: RunProgress as messages,
   * exit code 0 when done.
   */
  readonly program?: URL;
}

const defaultProgram = new URL('../../../dist/commands/run.js', import.meta.url);

/**
 * Does a run in a process of its own, whose output goes to log.txt.
 * @returns what the run died of, or undefined
 */
export function runProcess(
  { folder }: PlannedRun,
  onProgress: (progress: RunProgress) => void,
  signal: AbortSignal,
  { eager = false, program = defaultProgram }: ProcessOptions,
): Promise<string | undefined> {
  const file = join(folder, 'config.json');
  const child = fork(program, ['--config', file, '--out', folder, ...(eager ? ['--eager'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('message', (progress) => {
    onProgress(progress as RunProgress);
  });
  const stop = () => {
    child.kill('SIGTERM');
  };
  signal.addEventListener('abort', stop);
  return outcome(child, join(folder, 'log.txt')).finally(() => {
    signal.removeEventListener('abort', stop);
  });
}

/**
 * Writes a process's output to a new file until it ends.
 * @returns what it died of, or undefined
 */
function outcome(child: ChildProcess, file: string): Promise<string | undefined> {
  const log = createWriteStream(file);
  let isWritten = true;
  log.on('error', ({ message }) => {
    if (isWritten) console.error(`${file}: not written (${message.split(', ')[0] ?? ''})`);
    isWritten = false;
  });
  let lastLines = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      if (isWritten) log.write(data);
      lastLines = (lastLines + data.toString()).slice(-4000);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      lastLines = error.message;
    });
    child.on('close', (code, killedBy) => {
      const how = killedBy ? `killed by ${killedBy}` : `exit code ${code ?? '?'}`;
      const end = () => {
        resolve(code === 0 ? undefined : `${how}: ${firstError(lastLines)}`);
      };
      if (isWritten) finished(log.end(), end);
      else end();
    });
  });
}
