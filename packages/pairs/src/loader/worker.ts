import { parentPort, workerData } from 'node:worker_threads';
import { openSource, type PairSource, type SourceSpec } from '../source.ts';
import { batchArrays, type BatchArrays } from './batch-buffer.ts';
import { batchFiller, type BatchPlan } from './fill-batch.ts';

/** A worker's data: the source, the plan, and the memory that it shares with the loader. */
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
/** Worker to loader: it is filled, or an error's message. */
export interface FillReply extends FillRequest {
  readonly error?: string;
}

const { spec, plan, slots } = workerData as WorkerTask;
const source = await openSource<PairSource>(spec);
const arrays = slots.map((slot) => batchArrays(slot, plan.batchSize, source.size));
const { fill } = batchFiller(source, plan);

async function answer({ step, slot }: FillRequest): Promise<FillReply> {
  try {
    await fill(step, arrays[slot] as BatchArrays);
    return { step, slot };
  } catch (error) {
    return { step, slot, error: (error as Error).message };
  }
}

let queue = Promise.resolve(); // one after another
parentPort?.on('message', (request: FillRequest) => {
  queue = queue.then(async () => {
    parentPort?.postMessage(await answer(request));
  });
});
