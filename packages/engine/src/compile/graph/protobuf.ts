// Protocol buffers: a field is a key (8 * number + wire type), then its value.
// protobuf.dev/programming-guides/encoding

/** Wire types. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Serialised fields, one after another, in pieces: what is large is not copied to stand inside
 * something larger.
 */
export type Fields = readonly Uint8Array[];

/** @param value of an int32, int64, bool or enum field; a safe integer */
export function varint(field: number, value: number): Fields {
  return [Uint8Array.from([...digits(field * 8 + VARINT), ...digits(value)])];
}

export function double(field: number, value: number): Fields {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value, true);
  return [Uint8Array.from(digits(field * 8 + FIXED64)), new Uint8Array(bits.buffer)];
}

export function float(field: number, value: number): Fields {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value, true);
  return [Uint8Array.from(digits(field * 8 + FIXED32)), new Uint8Array(bits.buffer)];
}

/** An embedded message of these fields. */
export function message(field: number, ...content: readonly Fields[]): Fields {
  const pieces = content.flat();
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return [Uint8Array.from([...digits(field * 8 + BYTES), ...digits(length)]), ...pieces];
}

/** A string or bytes field. */
export function bytes(field: number, value: string | Uint8Array): Fields {
  return message(field, [typeof value === 'string' ? new TextEncoder().encode(value) : value]);
}

/** Base 128, the lowest digit first; a negative number as its two's complement of 64 bits. */
function digits(value: number): number[] {
  const all: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) all.push(Number(rest & 127n) | 128);
  return [...all, Number(rest)];
}

/** The embedded messages in one field of a message, in their order. */
export function readMessages(serialised: Uint8Array, field: number): Uint8Array[] {
  return readField(serialised, field).filter((value) => value instanceof Uint8Array);
}

/** A string field; empty where it is absent, as protocol buffers have it. */
export function readText(serialised: Uint8Array, field: number): string {
  return new TextDecoder().decode(readMessages(serialised, field)[0]);
}

/** An int32, int64, bool or enum field, not negative; 0 where it is absent. */
export function readNumber(serialised: Uint8Array, field: number): number {
  return readField(serialised, field).find((value) => typeof value === 'number') ?? 0;
}

function readField(serialised: Uint8Array, wanted: number): (number | Uint8Array)[] {
  return [...readFields(serialised)]
    .filter(([field]) => field === wanted)
    .map(([, value]) => value);
}

/** All fields but those of fixed width: numbers, and the bytes of strings and messages. */
function* readFields(serialised: Uint8Array): Generator<[field: number, number | Uint8Array]> {
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = serialised[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < serialised.length) {
    const key = readVarint();
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === VARINT) yield [field, readVarint()];
    else if (wire === BYTES) {
      const length = readVarint();
      yield [field, serialised.subarray(at, at + length)];
      at += length;
    } else at += wire === FIXED64 ? 8 : 4;
  }
}
