/** Codes: 0..255 are bytes, then two marks, then strings. */
const clearCode = 256;
const endCode = 257;
const firstString = 258;
const mostCodes = 4096;

/**
 * Each string is a part of what was written before: where it begins, its length, and its first four
 * bytes, the first one lowest, which spares most strings the way there.
 */
const starts = new Int32Array(mostCodes);
const lengths = new Int32Array(mostCodes).fill(1);
const heads = Int32Array.from({ length: mostCodes }, (_, code) => code & 255);

/**
 * Unpacks TIFF's LZW into `into`, and no further than its end.
 * @returns bytes written
 * @throws for a code that stands for nothing yet
 */
export function unpackLzw(bytes: Uint8Array, into: Uint8Array): number {
  if (bytes[0] === 0 && ((bytes[1] ?? 0) & 1) === 1)
    throw new Error('LZW of before TIFF 6, whose bits are in the other order');
  const end = into.length;
  const packedEnd = bytes.length;
  let buffer = 0;
  let held = 0;
  let width = 9;
  let next = firstString;
  let from = 0;
  let to = 0;
  let last = -1; // the code before: after a clear code there is none
  while (to < end) {
    while (held < width) {
      if (from + 1 < packedEnd) {
        buffer = (buffer << 16) | ((bytes[from] as number) << 8) | (bytes[from + 1] as number);
        from += 2;
        held += 16;
      } else if (from < packedEnd) {
        buffer = (buffer << 8) | (bytes[from++] as number);
        held += 8;
      } else return to;
    }
    held -= width;
    const code = (buffer >>> held) & ((1 << width) - 1);
    if (code === clearCode) {
      width = 9;
      next = firstString;
      last = -1;
      continue;
    }
    if (code === endCode) return to;
    if (last >= 0 && next < mostCodes) {
      // The new string is the last one and the first byte of this one, which may be the new itself.
      const length = lengths[last] as number;
      const first = (heads[code === next ? last : code] as number) & 255;
      const head = heads[last] as number;
      starts[next] = to - length;
      lengths[next] = length + 1;
      heads[next] = length < 4 ? head | (first << (8 * length)) : head;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    if (code >= next) throw new Error(`code ${code} of ${next}`);
    last = code;
    to = writeString(code, into, to);
  }
  return to;
}

/** @returns where it ends, or where `into` does */
function writeString(code: number, into: Uint8Array, to: number): number {
  const length = lengths[code] as number;
  const head = heads[code] as number;
  const stop = Math.min(to + length, into.length);
  if (to + 4 > into.length) {
    for (let i = to, bits = head; i < stop; i++, bits >>= 8) into[i] = bits;
    return stop;
  }
  // All four at once: those beyond the string are written over.
  into[to] = head;
  into[to + 1] = head >> 8;
  into[to + 2] = head >> 16;
  into[to + 3] = head >> 24;
  if (length > 4) {
    let source = (starts[code] as number) + 4;
    for (let i = to + 4; i < stop; i++) into[i] = into[source++] as number;
  }
  return stop;
}
