import { constants, createInflate, inflateSync, type Inflate } from 'node:zlib';

/**
 * Inflates a zlib stream into the beginning of `into`, of at least one byte; what it holds beyond
 * that is left.
 * @returns bytes written
 * @throws for bytes that are no zlib stream
 */
export type InflateInto = (bytes: Uint8Array, into: Uint8Array) => number;

/** The part of Node's zlib stream that its own inflateSync drives it by. */
interface Handle {
  reset(): void;
  writeSync(
    flush: number,
    from: Uint8Array,
    fromAt: number,
    fromBytes: number,
    to: Uint8Array,
    toAt: number,
    toBytes: number,
  ): void;
  onerror: (message: string) => void;
}
interface Driven {
  readonly _handle?: Partial<Handle> | null;
  readonly _writeState?: Uint32Array;
}

/**
 * An inflater that keeps its zlib state: inflateSync sets one up for each call, which for a TIFF of
 * one-row strips is a third of the time. Node has no documented call for that, so that its stream's
 * own handle is driven; where a Node has none, inflateSync it is.
 */
export function createInflater(stream: Driven = createInflate() as Inflate & Driven): InflateInto {
  const { _handle: handle, _writeState: state } = stream;
  if (
    typeof handle?.reset !== 'function' ||
    typeof handle.writeSync !== 'function' ||
    !('onerror' in handle) ||
    state?.length !== 2
  )
    return inflateAnew;
  const driven = handle as Handle;
  const failures: string[] = [];
  driven.onerror = (message) => {
    failures.push(message);
  };
  return (bytes, into) => {
    driven.reset();
    driven.writeSync(constants.Z_SYNC_FLUSH, bytes, 0, bytes.length, into, 0, into.length);
    if (failures.length > 0) throw new Error(failures.splice(0).join());
    return into.length - (state[0] as number);
  };
}

const inflateAnew: InflateInto = (bytes, into) => {
  const plain = inflateSync(bytes, {
    chunkSize: Math.max(64, into.length),
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  into.set(plain.subarray(0, into.length));
  return Math.min(plain.length, into.length);
};
