/**
 * Serialised fields, one after another, in pieces: what is large is not copied to stand inside
 * something larger.
 */
export type Fields = readonly Uint8Array[];

// A field is a key of number * 8 + wire type, then its value.

/** @param value of an int32, int64, bool or enum field; a safe integer */
export function varint(field: number, value: number): Fields {
  return [Uint8Array.from([...digits(field * 8), ...digits(value)])];
}

/** An embedded message of these fields. */
export function message(field: number, ...content: readonly Fields[]): Fields {
  const pieces = content.flat();
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return [Uint8Array.from([...digits(field * 8 + 2), ...digits(length)]), ...pieces];
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
