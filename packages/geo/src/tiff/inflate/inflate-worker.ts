import { parentPort } from 'node:worker_threads';
import type { BlockLayout } from '../block-layout.ts';
import { inflateShared, type SharedBlocks } from './shared-blocks.ts';

export interface InflateRequest {
  readonly blocks: SharedBlocks;
  readonly layout: BlockLayout;
  readonly path: string;
}
/** `error` is the message of what went wrong, if anything. */
export interface InflateReply {
  readonly error?: string;
}

parentPort?.on('message', ({ blocks, layout, path }: InflateRequest) => {
  let reply: InflateReply = {};
  try {
    inflateShared(blocks, layout, path, () => undefined);
  } catch (error) {
    reply = { error: (error as Error).message };
  }
  parentPort?.postMessage(reply);
});
