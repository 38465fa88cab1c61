import { Worker } from 'node:worker_threads';
import type { FillReply, FillRequest, WorkerTask } from './worker.ts';

/** src/ and dist/ lie equally deep, so this names the compiled worker from either. */
const workerUrl = new URL('../../dist/loader/worker.js', import.meta.url);

/** Makes the batch of a step in a slot: in this thread or in a worker. */
export interface BatchMaker {
  make(step: number, slot: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts threads that fill slots with batches, step n on thread n mod count. A thread that dies
 * fails all that is asked of the pool.
 */
export function startWorkers(task: WorkerTask, count: number): BatchMaker {
  const waiting = new Map<number, { resolve: () => void; reject: (reason: Error) => void }>();
  let dead: Error | undefined;
  let closing = false;
  const fail = (error: Error) => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  const workers = Array.from({ length: count }, (_, i) => {
    const worker = new Worker(workerUrl, { workerData: task });
    worker.on('message', ({ step, error }: FillReply) => {
      const request = waiting.get(step);
      waiting.delete(step);
      if (error === undefined) request?.resolve();
      else request?.reject(new Error(error));
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      if (!closing)
        fail(new Error(`loader worker ${i}: expected to run on, got an exit with code ${code}`));
    });
    return worker;
  });
  return {
    make(step, slot) {
      if (dead) return Promise.reject(dead);
      return new Promise<void>((resolve, reject) => {
        waiting.set(step, { resolve, reject });
        workers[step % count]?.postMessage({ step, slot } satisfies FillRequest);
      });
    },
    async close() {
      closing = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
      fail(new Error('loader: expected to stay open until its batches were made, got closed'));
    },
  };
}
