import { Queue, type Job } from 'bullmq';
import type { PlannedRun } from '../../plan.ts';
import type { Engine, RunState } from '../engine.ts';
import { jobId, queueName, type RunJob } from './queue.ts';
import { isRefusal, redisPlace } from './redis-url.ts';

/** Milliseconds that Redis has to answer. */
const patience = 10_000;

/**
 * A queue in Redis (BullMQ), whose runs are done by experiments:worker wherever that is started.
 * @param url see redisPlace
 */
export function redis(url: string, eager: boolean): Engine {
  const { title, connection } = redisPlace(url);
  const name = `Redis at ${title}`;
  let lastError = '';
  const queue = new Queue<RunJob>(queueName, {
    connection: { ...connection, maxRetriesPerRequest: null },
  });
  queue.on('error', ({ message }) => (lastError = message)); // it is tried again
  const inTime = <T>(answer: Promise<T>) =>
    within(answer, () => {
      const why = lastError === '' ? '' : ` (${lastError})`;
      return `${name}: expected an answer within ${patience / 1000} s, got none${why}`;
    });
  const jobOf = ({ folder }: PlannedRun) => queue.getJob(jobId(folder));
  return {
    name,
    every: 2000,
    async check() {
      const refused = new Promise<never>((_, reject) => {
        queue.on('error', ({ message }) => {
          if (isRefusal(message)) reject(new Error(`${name}: ${message}`));
        });
      });
      await inTime(Promise.race([queue.waitUntilReady(), refused]));
    },
    async submit(runs) {
      // one that has ended and is kept would hide the new one
      await inTime(Promise.all(runs.map(async (run) => removeEnded(await jobOf(run)))));
      await inTime(queue.addBulk(runs.map((run) => newJob(run, eager))));
      return runs;
    },
    async states(runs) {
      const states = runs.map(async (run) => [run.name, await stateOf(await jobOf(run))] as const);
      return new Map(await inTime(Promise.all(states)));
    },
    async cancel(runs) {
      await inTime(Promise.all(runs.map(async (run) => cancelJob(await jobOf(run)))));
    },
    async close() {
      // where Redis is away, closing waits for it, and what waits would keep the process
      await within(queue.close(), () => name, 2000).catch(() => queue.disconnect());
    },
  };
}

const newJob = ({ name, folder }: PlannedRun, eager: boolean) => ({
  name,
  data: { folder, eager },
  opts: {
    jobId: jobId(folder),
    attempts: 3,
    backoff: { type: 'exponential', delay: 1000 },
    removeOnComplete: true,
    removeOnFail: { age: 7 * 24 * 3600 },
  },
});

async function removeEnded(job: Job<RunJob> | undefined): Promise<void> {
  if (!job) return;
  const hasEnded = (await job.isFailed()) || (await job.isCompleted());
  if (hasEnded) await job.remove();
}

async function cancelJob(job: Job<RunJob> | undefined): Promise<void> {
  if (!job) return;
  const isRemoved = await job.remove().then(
    () => true,
    () => false,
  );
  // one at work is locked: its worker looks for this
  if (!isRemoved) await job.updateData({ ...job.data, cancelled: true });
}

async function stateOf(job: Job<RunJob> | undefined): Promise<RunState> {
  const state = await job?.getState();
  if (state === 'active') return { is: 'running' };
  if (state === 'failed') return { is: 'failed', why: job?.failedReason ?? 'failed' };
  const waits = ['waiting', 'delayed', 'prioritized'].includes(state ?? '');
  return { is: waits ? 'waiting' : 'gone' };
}

async function within<T>(
  answer: Promise<T>,
  message: () => string,
  milliseconds = patience,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(message()));
    }, milliseconds);
  });
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
  });
}
