/** How a session runs its graph. */
export interface SessionConfig {
  /** Threads inside an op and between ops; absent = as many as cores, or what TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS say. */
  readonly intraOpThreads?: number;
  readonly interOpThreads?: number;
}

/** A varint field of a protocol buffer. */
const varint = (field: number, value: number): number[] => [field << 3, ...digits(value)];
/** An embedded message; fields below 16. */
const message = (field: number, content: readonly number[]): number[] => [(field << 3) | 2, ...digits(content.length), ...content];

function digits(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...digits(Math.floor(value / 128))];
}

/** A serialised tensorflow.ConfigProto (tensorflow/core/protobuf/config.proto). */
export function configProto({ intraOpThreads, interOpThreads }: SessionConfig): Uint8Array {
  return Uint8Array.from([
    ...(intraOpThreads === undefined ? [] : varint(2, intraOpThreads)),
    ...(interOpThreads === undefined ? [] : varint(5, interOpThreads)),
    ...message(6, varint(4, 1)), // gpu_options.allow_growth: eager tfjs holds memory of the same device
  ]);
}
