import { fork } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedRun } from './grid.ts';
import type { RunProgress } from '../run/run-progress.ts';

/**
 * The program that does one run: CONFIG_FILE and OUT as arguments, RunProgress as messages, exit
 * code 0 when done. Compiled beside this file.
 */
const defaultProgram = new URL('../../dist/commands/run.js', import.meta.url);

export interface PoolOptions {
  /** Runs to do, in this order. */
  readonly runs: readonly NamedRun[];
  /** Folder of a run. */
  readonly folderOf: (run: NamedRun) => string;
  /** At most this many at once. */
  readonly processes: number;
  readonly onStart?: (run: NamedRun) => void;
  readonly onProgress?: (run: NamedRun, progress: RunProgress) => void;
  /**
   * @param error undefined when the run has finished; else what it died of. Its output is in
   *   log.txt.
   */
  readonly onEnd?: (run: NamedRun, error: string | undefined) => void;
  /** Stops the runs under way and starts no more; checkpoints stay. */
  readonly signal?: AbortSignal;
  readonly program?: URL;
  /** Steps run op by op instead of compiled. Default false. */
  readonly eager?: boolean;
}

/**
 * Does runs as processes of their own, some at a time. A run that dies does not stop the others.
 * @returns the runs that failed, with their errors; runs that were stopped or never started by the
 *   signal are not among them
 */
export async function runAll(options: PoolOptions): Promise<{ run: NamedRun; error: string }[]> {
  const waiting = [...options.runs];
  const failed: { run: NamedRun; error: string }[] = [];
  const worker = async () => {
    for (let run = waiting.shift(); run && !options.signal?.aborted; run = waiting.shift()) {
      options.onStart?.(run);
      const error = await runOne(run, options);
      if (options.signal?.aborted) return;
      if (error !== undefined) failed.push({ run, error });
      options.onEnd?.(run, error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.processes, waiting.length) }, worker));
  return failed;
}

/** @returns what the run died of, or undefined. */
function runOne(
  run: NamedRun,
  { folderOf, onProgress, signal, program = defaultProgram, eager = false }: PoolOptions,
): Promise<string | undefined> {
  const folder = folderOf(run);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.json');
  writeFileSync(file, `${JSON.stringify(run.config, null, 2)}\n`);
  const threads = String(run.config.threads);
  const child = fork(program, [file, folder, ...(eager ? ['--eager'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // One thread between ops: runs share the cores, and a fixed number keeps sums in one order.
    env: {
      ...process.env,
      TF_NUM_INTRAOP_THREADS: threads,
      OMP_NUM_THREADS: threads,
      TF_NUM_INTEROP_THREADS: '1',
    },
  });
  const log = createWriteStream(join(folder, 'log.txt'), { flags: 'a' });
  let lastLines = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      log.write(data);
      lastLines = (lastLines + data.toString()).slice(-4000);
    });
  }
  child.on('message', (progress) => onProgress?.(run, progress as RunProgress));
  const stop = () => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      lastLines = error.message;
    });
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop);
      log.end(() => {
        if (code === 0) resolve(undefined);
        else
          resolve(
            `${killedBy ? `killed by ${killedBy}` : `exit code ${code ?? '?'}`}: ` +
              `${firstError(lastLines)}`,
          );
      });
    });
  });
}

/** The line of a program's last output that says what went wrong. */
function firstError(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => /error/i.test(line)) ?? lines[lines.length - 1] ?? 'no output';
}
