import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import { inflateBlock, plainBytes, type BlockLayout } from './block-layout.ts';
import type { InflateReply, InflateRequest } from './inflate-worker.ts';
import { sampleArrays, type Samples } from './samples.ts';
import { inflateShared, tableColumns, type SharedBlocks } from './shared-blocks.ts';

export interface PackedBlock {
  /** Its number in the file. */
  readonly block: number;
  readonly bytes: Uint8Array;
  /** Of a strip. */
  readonly rows: number;
}

/** src/ and dist/ lie equally deep. */
const workerUrl = new URL('../../../dist/tiles/tiff/inflate-worker.js', import.meta.url);
/** Fewer packed bytes are not worth a message to another thread. */
const worthSharing = 2 ** 17;
/**
 * More plain bytes are inflated in several goes, which bounds the memory that the two threads
 * share.
 */
const atOnce = 2 ** 24;

/**
 * A second thread, with the memory it shares; both stay for the next read, since fresh pages cost
 * as much as a quarter of the inflating.
 */
interface Helper {
  readonly worker: Worker;
  packed: SharedArrayBuffer;
  plain: SharedArrayBuffer;
  readonly next: Int32Array;
  state: 'starting' | 'idle' | 'busy';
  answer: ((error: string | undefined) => void) | undefined;
}

let helper: Helper | undefined;
let scratch = new Uint8Array(0);

function startHelper(): Helper {
  const worker = new Worker(workerUrl);
  const started: Helper = {
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

/**
 * The second thread, if it is free: there is none on a machine of one core, nor in a thread that is
 * itself one of several, nor until the first has come up.
 */
function freeHelper(): Helper | undefined {
  if (!isMainThread || availableParallelism() < 2) return undefined;
  helper ??= startHelper();
  return helper.state === 'idle' ? helper : undefined;
}

/**
 * Inflates blocks, large numbers of them on two threads. The second thread and what it shares (at
 * most 16 MiB of samples, their packed bytes, or two blocks if they are larger) stay until the
 * process ends.
 * @param take gets each block's samples, in no order; they are valid during the call only
 * @throws as inflateBlock
 */
export async function inflateBlocks(
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
  path: string,
  take: (block: number, samples: Samples) => void,
): Promise<void> {
  const largest = plainBytes(layout.blockHeight, layout);
  const free =
    blocks.length > 1 && blocks.reduce((sum, { bytes }) => sum + bytes.length, 0) >= worthSharing
      ? freeHelper()
      : undefined;
  if (!free) {
    if (scratch.length < largest) scratch = new Uint8Array(largest);
    for (const { block, bytes, rows } of blocks)
      take(
        block,
        inflateBlock(
          bytes,
          rows,
          layout,
          `${path}, block ${block}`,
          scratch.subarray(0, plainBytes(rows, layout)),
        ),
      );
    if (scratch.length > atOnce) scratch = new Uint8Array(0);
    return;
  }
  free.state = 'busy';
  free.worker.ref();
  try {
    const some = Math.max(2, Math.floor(atOnce / largest));
    for (let from = 0; from < blocks.length; from += some)
      await inflateTogether(free, blocks.slice(from, from + some), layout, path, take);
  } finally {
    free.state = 'idle';
    free.worker.unref();
  }
}

async function inflateTogether(
  helper: Helper,
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
  path: string,
  take: (block: number, samples: Samples) => void,
): Promise<void> {
  const shared = share(helper, blocks, layout);
  const answered = new Promise<string | undefined>((resolve) => {
    helper.answer = resolve;
  });
  helper.worker.postMessage({ blocks: shared, layout, path } satisfies InflateRequest);
  const mine = new Set<number>();
  let failure: unknown;
  try {
    inflateShared(shared, layout, path, (i, samples) => {
      mine.add(i);
      take((blocks[i] as PackedBlock).block, samples);
    });
  } catch (error) {
    failure = error;
  }
  // Until then the memory is the other thread's too.
  const error = await answered;
  helper.answer = undefined;
  if (failure !== undefined) throw failure as Error;
  if (error !== undefined) throw new Error(error);
  const array = sampleArrays[layout.samples];
  const plain = shared.plain as unknown as ArrayBuffer; // as far as types go
  for (const [i, { block, rows }] of blocks.entries()) {
    if (!mine.has(i))
      take(
        block,
        new array(
          plain,
          shared.table[i * tableColumns + 4],
          plainBytes(rows, layout) / array.BYTES_PER_ELEMENT,
        ),
      );
  }
}

/** Lays blocks into the memory of both threads. */
function share(helper: Helper, blocks: readonly PackedBlock[], layout: BlockLayout): SharedBlocks {
  const table = new Int32Array(blocks.length * tableColumns);
  let packed = 0;
  let plain = 0;
  for (const [i, { block, bytes, rows }] of blocks.entries()) {
    table.set([block, rows, packed, bytes.length, plain], i * tableColumns);
    packed += bytes.length;
    plain += Math.ceil(plainBytes(rows, layout) / 8) * 8; // typed arrays start at whole samples
  }
  if (helper.packed.byteLength < packed) helper.packed = new SharedArrayBuffer(packed);
  if (helper.plain.byteLength < plain) helper.plain = new SharedArrayBuffer(plain);
  const into = new Uint8Array(helper.packed);
  for (const [i, { bytes }] of blocks.entries()) into.set(bytes, table[i * tableColumns + 2]);
  helper.next[0] = 0;
  return {
    count: blocks.length,
    packed: helper.packed,
    plain: helper.plain,
    next: helper.next,
    table,
  };
}
