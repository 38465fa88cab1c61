import { parentPort } from 'node:worker_threads';
import type { BlockLayout } from '../block-layout.ts';
import { inflateShared, type SharedBlocks } from './shared-blocks.ts';
import { sharedUnpacker } from './shared-unpackers.ts';

export interface InflateRequest {
  readonly blocks: SharedBlocks;
  readonly layout: BlockLayout;
  readonly path: string;
}
/** `error` is the message of what went wrong, if anything. */
export interface InflateReply {
  readonly error?: string;
}

parentPort?.on('message', (request: InflateRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer({ blocks, layout, path }: InflateRequest): Promise<InflateReply> {
  try {
    const unpacker = await sharedUnpacker(layout.compression);
    inflateShared(unpacker, blocks, layout, path, () => undefined);
    return {};
  } catch (error) {
    return { error: (error as Error).message };
  }
}
