import { parentPort } from 'node:worker_threads';
import { inflateBlock, type BlockLayout } from './block-layout.ts';

/** Packed blocks, one after another in a buffer. */
export interface InflateRequest {
  readonly id: number;
  readonly packed: ArrayBuffer;
  readonly blocks: readonly { readonly from: number; readonly bytes: number; readonly rows: number; readonly what: string }[];
  readonly layout: BlockLayout;
}
/** Their samples, one after another. */
export interface InflateReply {
  readonly id: number;
  readonly samples?: ArrayBuffer;
  readonly error?: string;
}

parentPort?.on('message', ({ id, packed, blocks, layout }: InflateRequest) => {
  try {
    const all = blocks.map(({ from, bytes, rows, what }) => inflateBlock(new Uint8Array(packed, from, bytes), rows, layout, what));
    const samples = new Uint8Array(all.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let at = 0;
    for (const { buffer, byteOffset, byteLength } of all) {
      samples.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
    parentPort?.postMessage({ id, samples: samples.buffer } satisfies InflateReply, [samples.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, error: (error as Error).message } satisfies InflateReply);
  }
});
