import { constants, createInflate, inflateSync, type Inflate } from 'node:zlib';

/**
 * Inflates a zlib stream into the beginning of `into`, of at least one byte; what it holds beyond
 * that is left, but counts for its check sum.
 * @returns bytes written
 * @throws for bytes that are no whole zlib stream, or fail its check sum, or hold far more
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
    const write = (at: number, to: Uint8Array) => {
      driven.writeSync(constants.Z_FINISH, bytes, at, bytes.length - at, to, 0, to.length);
      if (failures.length > 0) throw new Error(failures.splice(0).join());
    };
    driven.reset();
    write(0, into);
    const written = into.length - (state[0] as number);
    // Where there was no more place the stream may go on, and its check sum not be reached.
    for (let more = 0; state[0] === 0; more += rest.length) {
      if (more > largestRest) throw new Error(`more than ${into.length + more} bytes`);
      write(bytes.length - (state[1] as number), rest);
    }
    return written;
  };
}

/** Bytes beyond those that are wanted go here, to be forgotten. */
const rest = new Uint8Array(2 ** 16);
/** Of so many the check sum is looked at. */
const largestRest = 2 ** 28;

const inflateAnew: InflateInto = (bytes, into) => {
  const plain = inflateSync(bytes, {
    chunkSize: Math.max(64, into.length),
    maxOutputLength: into.length + largestRest,
  });
  into.set(plain.subarray(0, into.length));
  return Math.min(plain.length, into.length);
};
