import { hostname } from 'node:os';
import { join } from 'node:path';
import { fork, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UnrecoverableError, WaitingError, Worker, Job } from 'bullmq';
import { exitCodes } from '../../../run/handed-over/leaving.ts';
import { firstErrorOfLog } from '../log-error.ts';
import { queueName, type RunJob } from './queue.ts';
import { redisPlace } from './redis-url.ts';

export interface WorkerOptions {
  /** See redisPlace. */
  readonly url: string;
  /** Runs at once. */
  readonly processes: number;
  readonly onNote: (line: string) => void;
  /** The program that does one run, with the options of commands/run.ts. */
  readonly program?: URL;
  /** Milliseconds after which a run of a worker that is not heard of is given out again. */
  readonly lockDuration?: number;
}

/** Does runs of a queue until it is stopped. */
export interface RunWorker {
  /** Hands back what is under way, stopped at a checkpoint. */
  stop(): Promise<void>;
}

const defaultProgram = new URL('../../../../dist/commands/run.js', import.meta.url);
const stopped = 'stopped';

/** Milliseconds between two looks whether a run is cancelled. */
const lookEvery = 2000;

export async function openWorker(options: WorkerOptions): Promise<RunWorker> {
  const { url, processes, onNote, lockDuration = 30_000 } = options;
  const { title, connection } = redisPlace(url);
  const worker = new Worker<RunJob>(queueName, (job, token, signal) => work(job, token, signal), {
    connection: { ...connection, maxRetriesPerRequest: null },
    name: hostname(),
    concurrency: processes,
    lockDuration,
    stalledInterval: lockDuration / 2,
    maxStalledCount: 1000, // a dead worker is no failure of the run
  });
  const work = async (job: Job<RunJob>, token?: string, signal?: AbortSignal): Promise<void> => {
    onNote(`started   ${job.name}`);
    const cancelled = new AbortController();
    const timer = setInterval(() => {
      void isCancelled(worker, job).then((is) => {
        if (is) cancelled.abort();
      });
    }, lookEvery);
    const signals = [cancelled.signal, ...(signal ? [signal] : [])];
    const code = await runJob(job.data, AbortSignal.any(signals), options).finally(() => {
      clearInterval(timer);
    });
    if (code === 0) {
      onNote(`finished  ${job.name}`);
      return;
    }
    if (cancelled.signal.aborted) throw new UnrecoverableError('cancelled');
    if (signal?.reason === stopped || code === exitCodes.SIGUSR1) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const log = join(job.data.folder, 'log.txt');
    const why = `exit code ${code ?? '?'}: ${firstErrorOfLog(log)} (${log})`;
    onNote(`FAILED    ${job.name}: ${why}`);
    throw code === null || code > 128 ? new Error(why) : new UnrecoverableError(why);
  };
  let lastError = '';
  worker.on('error', ({ message }) => {
    if (message !== lastError) onNote(`Redis at ${title}: ${message}; tried again`);
    lastError = message;
  });
  // another may have been given the run: BullMQ alone would let this one go on
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'lost');
  });
  await worker.waitUntilReady();
  onNote(`waits for runs of Redis at ${title}, ${processes} at a time`);
  return {
    async stop() {
      await worker.pause(true);
      worker.cancelAllJobs(stopped);
      await worker.close();
    },
  };
}

async function isCancelled(worker: Worker<RunJob>, { id = '' }: Job<RunJob>): Promise<boolean> {
  const found = await Job.fromId<RunJob>(worker, id).catch(() => undefined);
  return found?.data.cancelled === true;
}

/** @returns the exit code of the run; null if it was killed */
function runJob(
  { folder, eager }: RunJob,
  signal: AbortSignal,
  { program = defaultProgram }: WorkerOptions,
): Promise<number | null> {
  const log = openSync(join(folder, 'log.txt'), 'a');
  const file = join(folder, 'config.json');
  const flags = ['--config', file, '--out', folder, '--take-over', ...(eager ? ['--eager'] : [])];
  const child: ChildProcess = fork(fileURLToPath(program), flags, {
    stdio: ['ignore', log, log, 'ipc'], // it ends when this process is gone
  });
  closeSync(log);
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code);
    });
  });
}
