import { message, varint } from './protobuf.ts';

/** How a session runs its graph. */
export interface SessionConfig {
  /**
   * Threads inside an op and between ops; absent = as many as cores, or what TF_NUM_INTRAOP_THREADS
   * and TF_NUM_INTEROP_THREADS say.
   */
  readonly intraOpThreads?: number;
  readonly interOpThreads?: number;
}

/** A serialised tensorflow.ConfigProto (tensorflow/core/protobuf/config.proto). */
export function configProto({ intraOpThreads, interOpThreads }: SessionConfig): Uint8Array {
  return Buffer.concat([
    ...(intraOpThreads === undefined ? [] : varint(2, intraOpThreads)),
    ...(interOpThreads === undefined ? [] : varint(5, interOpThreads)),
    // gpu_options.allow_growth: eager tfjs holds memory of the same device
    ...message(6, varint(4, 1)),
  ]);
}
