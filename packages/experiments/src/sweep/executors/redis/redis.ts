import { Queue, type Job } from 'bullmq';
import type { PlannedRun } from '../../plan.ts';
import type { Engine, RunState } from '../engine.ts';
import { jobId, queueName, type RunJob } from './queue.ts';
import { redisPlace } from './redis-url.ts';

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
    within(answer, () => `${name}: expected an answer within 10 s, got none (${lastError})`);
  const jobOf = (run: PlannedRun) => inTime(queue.getJob(jobId(run.folder)));
  return {
    name,
    every: 2000,
    async check() {
      await inTime(queue.waitUntilReady());
    },
    async submit(runs) {
      // one that has failed and is kept would hide the new one
      for (const run of runs) await (await endedJob(await jobOf(run)))?.remove();
      await inTime(queue.addBulk(runs.map((run) => newJob(run, eager))));
      return runs;
    },
    async states(runs) {
      const states = runs.map(async (run) => [run.name, await stateOf(await jobOf(run))] as const);
      return new Map(await inTime(Promise.all(states)));
    },
    async cancel(runs) {
      for (const run of runs) {
        const job = await jobOf(run);
        if (!job) continue;
        // one at work is locked: its worker looks for this
        if (await job.isActive()) await job.updateData({ ...job.data, cancelled: true });
        else await job.remove();
      }
    },
    close: () => queue.close(),
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

async function endedJob(job: Job<RunJob> | undefined): Promise<Job<RunJob> | undefined> {
  return (await job?.isFailed()) || (await job?.isCompleted()) ? job : undefined;
}

async function stateOf(job: Job<RunJob> | undefined): Promise<RunState> {
  const state = await job?.getState();
  if (state === 'active') return { is: 'running' };
  if (state === 'failed') return { is: 'failed', why: job?.failedReason ?? 'failed' };
  const waits = state !== undefined && ['waiting', 'delayed', 'prioritized'].includes(state);
  return { is: waits ? 'waiting' : 'gone' };
}

async function within<T>(answer: Promise<T>, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(message()));
    }, patience);
  });
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
  });
}
