import { plainBytes, type BlockLayout } from '../block-layout.ts';
import { sampleArrays, type Samples } from '../samples.ts';
import { freeHelper, type HelperThread } from './helper-thread.ts';
import { inflateBlock } from './inflate-block.ts';
import type { InflateRequest } from './inflate-worker.ts';
import { inflateShared, tableColumns, type SharedBlocks } from './shared-blocks.ts';
import { sharedUnpacker, type SharedUnpacker } from './shared-unpackers.ts';

export interface PackedBlock {
  /** Its number in the file. */
  readonly block: number;
  readonly bytes: Uint8Array;
  /** Rows of a strip. */
  readonly rows: number;
}

/** Gets a block's samples, which are valid during the call only. */
type Take = (block: number, samples: Samples) => void;

/** Fewer packed bytes are not worth a message to another thread. */
const worthSharing = 2 ** 17;
/** More plain bytes are inflated in several goes, which bounds the threads' shared memory. */
const atOnce = 2 ** 24;

let scratch = new Uint8Array(0);

/**
 * Unpacks blocks of deflate, LZW or zstd, large numbers of them on two threads. The second thread
 * and what it shares (at most 16 MiB of samples, their packed bytes, or two blocks if they are
 * larger) stay until the process ends.
 * @param take gets each block's samples, in no order
 * @throws as inflateBlock
 */
export async function inflateBlocks(
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
  path: string,
  take: Take,
): Promise<void> {
  const unpacker = await sharedUnpacker(layout.compression);
  const packedBytes = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const helper = blocks.length > 1 && packedBytes >= worthSharing ? freeHelper() : undefined;
  if (!helper) {
    inflateAlone(unpacker, blocks, layout, path, take);
    return;
  }
  helper.state = 'busy';
  helper.worker.ref();
  try {
    const some = Math.max(2, Math.floor(atOnce / plainBytes(layout.blockHeight, layout)));
    for (let from = 0; from < blocks.length; from += some)
      await inflateTogether(helper, unpacker, blocks.slice(from, from + some), layout, path, take);
  } finally {
    helper.state = 'idle';
    helper.worker.unref();
  }
}

function inflateAlone(
  unpacker: SharedUnpacker,
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
  path: string,
  take: Take,
): void {
  const largest = plainBytes(layout.blockHeight, layout);
  if (scratch.length < largest) scratch = new Uint8Array(largest);
  for (const { block, bytes, rows } of blocks) {
    const into = scratch.subarray(0, plainBytes(rows, layout));
    take(block, inflateBlock(unpacker, bytes, rows, layout, `${path}, block ${block}`, into));
  }
  if (scratch.length > atOnce) scratch = new Uint8Array(0);
}

async function inflateTogether(
  helper: HelperThread,
  unpacker: SharedUnpacker,
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
  path: string,
  take: Take,
): Promise<void> {
  const shared = share(helper, blocks, layout);
  const answered = new Promise<string | undefined>((resolve) => {
    helper.answer = resolve;
  });
  helper.worker.postMessage({ blocks: shared, layout, path } satisfies InflateRequest);
  const mine = new Set<number>();
  let failure: unknown;
  try {
    inflateShared(unpacker, shared, layout, path, (i, samples) => {
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

  const array = sampleArrays[layout.sampleType];
  const plain = shared.plain as unknown as ArrayBuffer; // as far as types go
  for (const [i, { block, rows }] of blocks.entries()) {
    if (mine.has(i)) continue;
    const count = plainBytes(rows, layout) / array.BYTES_PER_ELEMENT;
    take(block, new array(plain, shared.table[i * tableColumns + 4], count));
  }
}

/** Lays blocks into the memory of both threads. */
function share(
  helper: HelperThread,
  blocks: readonly PackedBlock[],
  layout: BlockLayout,
): SharedBlocks {
  const count = blocks.length;
  const table = new Int32Array(count * tableColumns);
  let packedEnd = 0;
  let plainEnd = 0;
  for (const [i, { block, bytes, rows }] of blocks.entries()) {
    table.set([block, rows, packedEnd, bytes.length, plainEnd], i * tableColumns);
    packedEnd += bytes.length;
    plainEnd += Math.ceil(plainBytes(rows, layout) / 8) * 8; // typed arrays start at whole samples
  }
  if (helper.packed.byteLength < packedEnd) helper.packed = new SharedArrayBuffer(packedEnd);
  if (helper.plain.byteLength < plainEnd) helper.plain = new SharedArrayBuffer(plainEnd);
  const { packed, plain, next } = helper;
  const into = new Uint8Array(packed);
  for (const [i, { bytes }] of blocks.entries()) into.set(bytes, table[i * tableColumns + 2]);
  next[0] = 0;
  return { count, packed, plain, next, table };
}
