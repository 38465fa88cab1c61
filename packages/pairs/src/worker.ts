import { parentPort, workerData } from 'node:worker_threads';
import { batchArrays } from './batch-buffer.ts';
import { batchFiller, type BatchPlan } from './fill-batch.ts';
import { openSource, type PairSource, type SourceSpec } from './source.ts';

/** What the loader starts a worker with. */
export interface WorkerTask {
  readonly spec: SourceSpec;
  readonly plan: BatchPlan;
  readonly slots: readonly SharedArrayBuffer[];
}
/** Loader to worker: fill this slot with that step's batch. */
export interface FillRequest {
  readonly step: number;
  readonly slot: number;
}
/** Worker to loader. */
export interface FillReply extends FillRequest {
  readonly error?: string;
}

const { spec, plan, slots } = workerData as WorkerTask;
const source = await openSource<PairSource>(spec);
const arrays = slots.map((slot) => batchArrays(slot, plan.batchSize, source.size));
const { fill } = batchFiller(source, plan);
let queue = Promise.resolve();
parentPort?.on('message', ({ step, slot }: FillRequest) => {
  queue = queue.then(async () => {
    const reply: FillReply = await fill(step, arrays[slot] as (typeof arrays)[number])
      .then(() => ({ step, slot }))
      .catch((error: unknown) => ({ step, slot, error: (error as Error).message }));
    parentPort?.postMessage(reply);
  });
});
