import { hostname } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UnrecoverableError, WaitingError, Worker, Job } from 'bullmq';
import { exitCodes } from '../../../run/handed-over/leaving.ts';
import { firstErrorOfLog } from '../log-error.ts';
import { queueName, type RunJob } from './queue.ts';
import { isRefusal, redisPlace } from './redis-url.ts';
import { runJob, type JobProgram } from './run-job.ts';

export interface WorkerOptions extends JobProgram {
  /** See redisPlace. */
  readonly url: string;
  /** Runs at once. */
  readonly processes: number;
  readonly onNote: (line: string) => void;
  /** Hears why this worker is of no use, and should be stopped. */
  readonly onUseless: (line: string) => void;
  /** Milliseconds after which a run of a worker that is not heard of is given out again. */
  readonly lockDuration?: number;
}

/** Does runs of a queue until it is stopped. */
export interface RunWorker {
  /** For a line when it is ready. */
  readonly title: string;
  /** Hands back what is under way, stopped at a checkpoint. */
  stop(): Promise<void>;
}

/** Why a run is told to stop. */
const stopped = 'stopped';
const lockLost = 'lock lost';

/** Milliseconds between two looks whether a run is cancelled. */
const lookEvery = 2000;

/** @throws one line if Redis lets nobody in by this name and password */
export async function openWorker(options: WorkerOptions): Promise<RunWorker> {
  const { url, processes, onNote, lockDuration = 30_000 } = options;
  const { title, connection } = redisPlace(url);
  let isStopping = false;
  const worker = new Worker<RunJob>(
    queueName,
    async (job, token, signal) => {
      // it may have been on its way when the others were stopped
      if (isStopping) await handBack(job, token);
      await work(worker, { job, token, signal }, options);
    },
    {
      connection: { ...connection, maxRetriesPerRequest: null },
      name: hostname(),
      concurrency: processes,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: 1000, // a dead worker is no failure of the run
    },
  );
  // another may have been given the run: BullMQ alone would let this one go on
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, lockLost);
  });
  await letIn(worker, title, onNote);
  return {
    title: `runs of Redis at ${title}, ${processes} at a time`,
    async stop() {
      isStopping = true;
      await worker.pause(true);
      worker.cancelAllJobs(stopped);
      await worker.close();
    },
  };
}

/** Waits for Redis however long that takes, and from then on tells of what goes wrong with it. */
async function letIn(
  worker: Worker<RunJob>,
  title: string,
  onNote: (line: string) => void,
): Promise<void> {
  let lastError = '';
  await new Promise<void>((resolve, reject) => {
    worker.on('error', ({ message }) => {
      if (isRefusal(message)) reject(new Error(`Redis at ${title}: ${message}`));
      else if (message !== lastError && !isLeft(message))
        onNote(`Redis at ${title}: ${message}; tried again`);
      lastError = message;
    });
    worker.on('ioredis:close', () => {
      if (!worker.closing) onNote(`Redis at ${title}: connection lost; tried again`);
    });
    worker.waitUntilReady().then(resolve, reject);
  }).catch(async (error: unknown) => {
    await worker.close(true);
    throw error;
  });
}

/** Whether BullMQ speaks of a run that was given out again, of which more is said elsewhere. */
const isLeft = (message: string) => /^(Missing (key|lock) for|could not renew lock)/.test(message);

/** A run that this worker was given. */
interface Given {
  readonly job: Job<RunJob>;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Does a run, and says how it ended in the way that BullMQ wants: by what it throws. */
async function work(
  worker: Worker<RunJob>,
  { job, token, signal }: Given,
  { onNote, onUseless, ...program }: WorkerOptions,
): Promise<void> {
  const { folder } = job.data;
  if (!existsSync(join(folder, 'config.json'))) {
    const line = `${folder}: expected the run's folder on ${hostname()}, got none`;
    onUseless(line);
    throw new Error(`${line}; results must be on a disk that all workers share`);
  }
  onNote(`started   ${job.name}`);
  const cancelled = cancelSignal(worker, job);
  const signals = [cancelled.signal, ...(signal ? [signal] : [])];
  const end = await runJob(job.data, AbortSignal.any(signals), program).finally(cancelled.close);
  if (end.code === 0) {
    onNote(`finished  ${job.name}`);
    return;
  }
  if (cancelled.signal.aborted) {
    onNote(`cancelled ${job.name}`);
    throw new UnrecoverableError('cancelled');
  }
  if (signal?.reason === stopped || end.code === exitCodes.SIGUSR1) await handBack(job, token);
  if (signal?.reason === lockLost || end.code === exitCodes.superseded) {
    onNote(`left      ${job.name}: it was given out again`);
    return; // whoever has it now says how it ends
  }
  const log = join(folder, 'log.txt');
  const why = `${end.how}: ${firstErrorOfLog(log)} (${log})`;
  onNote(`FAILED    ${job.name}: ${why}`);
  throw end.isKilled ? new Error(why) : new UnrecoverableError(why);
}

/** Has another worker do a run. It throws always, as BullMQ wants it. */
async function handBack(job: Job<RunJob>, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** Aborts when the sweep wants a run ended, until it is closed. */
function cancelSignal(worker: Worker<RunJob>, { id = '' }: Job<RunJob>) {
  const cancelled = new AbortController();
  const look = async () => {
    const found = await Job.fromId<RunJob>(worker, id).catch(() => undefined);
    if (found?.data.cancelled === true) cancelled.abort();
  };
  const timer = setInterval(() => void look(), lookEvery);
  void look();
  return {
    signal: cancelled.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}
