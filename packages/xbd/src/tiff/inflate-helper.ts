import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import type { BlockLayout } from './block-layout.ts';
import type { InflateReply, InflateRequest } from './inflate-worker.ts';
import { sampleArrays, type Samples } from './samples.ts';

/** src/tiff and dist/tiff lie equally deep. */
const workerUrl = new URL('../../dist/tiff/inflate-worker.js', import.meta.url);

export interface PackedBlock {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly what: string;
}

/** A second thread that inflates one half of a read while the first does the other. */
interface Helper {
  readonly worker: Worker;
  online: boolean;
  readonly waiting: Map<number, { resolve: (samples: ArrayBuffer) => void; reject: (error: Error) => void }>;
}

let helper: Helper | undefined;
let nextId = 0;

function startHelper(): Helper {
  const worker = new Worker(workerUrl);
  const started: Helper = { worker, online: false, waiting: new Map() };
  const fail = (error: Error) => {
    helper = undefined; // the next read starts another
    for (const { reject } of started.waiting.values()) reject(error);
    started.waiting.clear();
  };
  worker.on('online', () => { started.online = true; });
  worker.on('message', ({ id, samples, error }: InflateReply) => {
    const request = started.waiting.get(id);
    started.waiting.delete(id);
    if (started.waiting.size === 0) worker.unref();
    if (samples) request?.resolve(samples);
    else request?.reject(new Error(error));
  });
  worker.on('error', fail);
  worker.on('exit', () => { fail(new Error('inflating thread: expected to run on, got an exit')); });
  worker.unref(); // it keeps no process alive
  return started;
}

/**
 * Inflates blocks on the second thread. Undefined while there is none: on a machine of one core, in a thread that is itself one of several, and until the first has come up.
 * @throws (later) as inflateBlock
 */
export function inflateElsewhere(blocks: readonly PackedBlock[], layout: BlockLayout): Promise<Samples[]> | undefined {
  if (!isMainThread || availableParallelism() < 2) return undefined;
  helper ??= startHelper();
  const { worker, waiting, online } = helper;
  if (!online) return undefined;
  const packed = new Uint8Array(blocks.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  const request: InflateRequest = {
    id: nextId++,
    packed: packed.buffer,
    blocks: blocks.map(({ bytes, rows, what }) => {
      packed.set(bytes, at);
      at += bytes.length;
      return { from: at - bytes.length, bytes: bytes.length, rows, what };
    }),
    layout,
  };
  worker.ref();
  const done = new Promise<ArrayBuffer>((resolve, reject) => { waiting.set(request.id, { resolve, reject }); });
  worker.postMessage(request, [packed.buffer]);
  const array = sampleArrays[layout.samples];
  return done.then((samples) => {
    let from = 0;
    return blocks.map(({ rows }) => {
      const count = layout.rowSamples * (layout.tiled ? layout.blockHeight : rows);
      const values = new array(samples, from, count);
      from += values.byteLength;
      return values;
    });
  });
}
