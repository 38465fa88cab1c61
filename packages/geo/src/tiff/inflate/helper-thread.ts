import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import type { InflateReply } from './inflate-worker.ts';

/** src/ and dist/ lie equally deep. */
const workerUrl = new URL('../../../dist/tiff/inflate/inflate-worker.js', import.meta.url);

/**
 * A second thread, with the memory it shares; both stay for the next read, since fresh pages cost
 * as much as a quarter of the inflating.
 */
export interface HelperThread {
  readonly worker: Worker;
  packed: SharedArrayBuffer;
  plain: SharedArrayBuffer;
  /** One number: see SharedBlocks. */
  readonly next: Int32Array;
  state: 'starting' | 'idle' | 'busy';
  answer: ((error: string | undefined) => void) | undefined;
}

let helper: HelperThread | undefined;

/**
 * The second thread, if it is free: there is none on a machine of one core, nor in a thread that is
 * itself one of several, nor until the first has come up.
 */
export function freeHelper(): HelperThread | undefined {
  if (!isMainThread || availableParallelism() < 2) return undefined;
  helper ??= startHelper();
  return helper.state === 'idle' ? helper : undefined;
}

function startHelper(): HelperThread {
  const worker = new Worker(workerUrl);
  const started: HelperThread = {
    worker,
    packed: new SharedArrayBuffer(0),
    plain: new SharedArrayBuffer(0),
    next: new Int32Array(new SharedArrayBuffer(4)),
    state: 'starting',
    answer: undefined,
  };
  const fail = (error: string) => {
    if (helper === started) helper = undefined; // the next read starts another
    started.answer?.(error);
  };
  worker.on('online', () => {
    started.state = 'idle';
  });
  worker.on('message', ({ error }: InflateReply) => {
    started.answer?.(error);
  });
  worker.on('error', ({ message }) => {
    fail(message);
  });
  worker.on('exit', () => {
    fail('inflating thread: expected to run on, got an exit');
  });
  worker.unref(); // it keeps no process alive
  return started;
}
