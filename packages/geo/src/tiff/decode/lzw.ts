/** Codes: 0..255 are bytes, then two marks, then strings. */
const clearCode = 256;
const endCode = 257;
const firstString = 258;
const mostCodes = 4096;
const narrowest = 9;
const widest = 12;

/**
 * Each string is a part of what was written before. Three numbers each, and one idle: its length,
 * where it begins, and its first four bytes, the first one lowest, which spares most strings the
 * way there. (Beyond a shorter string's end they are anything.)
 */
const strings = Int32Array.from({ length: 4 * mostCodes }, (_, i) => {
  const code = i >> 2;
  if (code > 255) return 0;
  return [1, 0, code, 0][i & 3] as number;
});

/**
 * Unpacks TIFF's LZW into `into`, and no further than its end.
 * @returns bytes written
 * @throws for a code that stands for nothing yet
 */
export function unpackLzw(bytes: Uint8Array, into: Uint8Array): number {
  if (bytes[0] === 0 && ((bytes[1] ?? 0) & 1) === 1)
    throw new Error('LZW of before TIFF 6, whose bits are in the other order');
  const packed = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const lastWord = bytes.length - 4;
  const end = into.length;
  let width = narrowest;
  let next = firstString;
  let at = 0;
  let bit = 0; // 0..7, of the byte at `at`
  let to = 0;
  let before = -1; // where the string before begins: after a clear code there is none
  let beforeLength = 0;
  while (to < end) {
    if (at > lastWord && 8 * (bytes.length - at) - bit < width) return to;
    const word = at <= lastWord ? packed.getInt32(at) : wordAt(bytes, at);
    const code = (word << bit) >>> (32 - width);
    at += (bit + width) >> 3;
    bit = (bit + width) & 7;
    if (code === endCode) return to;
    if (code === clearCode) {
      width = narrowest;
      next = firstString;
      before = -1;
      continue;
    }
    const entry = code << 2;
    let length = strings[entry] as number;
    let start = strings[entry + 1] as number;
    let head = strings[entry + 2] as number;
    if (code >= next) {
      if (code > next || before < 0 || next === mostCodes)
        throw new Error(`code ${code} of ${before < 0 ? next : next + 1}`);
      // the string that is new with this code: the one before and its own first byte
      length = beforeLength + 1;
      start = before;
      head = headOf(into, before, beforeLength);
    }
    // four at once: those beyond the string are written over
    if (to + length + 4 <= end) {
      plain.setInt32(to, head, true);
      for (let i = 4; i < length; i += 4)
        plain.setInt32(to + i, plain.getInt32(start + i, true), true);
    } else writeBytes(into, to, start, length, head);
    if (before >= 0 && next < mostCodes) {
      const added = next << 2;
      strings[added] = beforeLength + 1;
      strings[added + 1] = before;
      strings[added + 2] =
        before + 4 <= end ? plain.getInt32(before, true) : lastHead(into, before);
      next++;
      if (next + 1 >= 1 << width && width < widest) width++;
    }
    before = to;
    beforeLength = length;
    to += length;
  }
  return end;
}

/** Four bytes, the first one highest, zeros for those that are not there. */
function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[at + i] ?? 0);
  return word;
}

/** The first four bytes of the string that begins at `start` and goes on with its own first. */
function headOf(into: Uint8Array, start: number, length: number): number {
  let head = 0;
  for (let i = 3; i >= 0; i--) head = (head << 8) | (into[start + (i % length)] as number);
  return head;
}

/** As much of a head as is there. */
function lastHead(into: Uint8Array, start: number): number {
  let head = 0;
  for (let i = 3; i >= 0; i--) head = (head << 8) | (into[start + i] ?? 0);
  return head;
}

/** Near the end of `into`, and no further. */
function writeBytes(
  into: Uint8Array,
  to: number,
  start: number,
  length: number,
  head: number,
): void {
  const count = Math.min(length, into.length - to);
  for (let i = 0; i < count; i++)
    into[to + i] = i < 4 ? head >> (8 * i) : (into[start + i] as number);
}
