/** Codes: 0..255 are bytes, then two marks, then strings. */
const clearCode = 256;
const endCode = 257;
const firstString = 258;
const mostCodes = 4096;

/** Each string is a part of what was written before: where it begins, and its length. */
const starts = new Int32Array(mostCodes);
const lengths = new Int32Array(mostCodes);

/**
 * Unpacks TIFF's LZW into `into`, and no further than its end.
 * @returns bytes written
 * @throws for a code that stands for nothing yet
 */
export function unpackLzw(bytes: Uint8Array, into: Uint8Array): number {
  if (bytes[0] === 0 && ((bytes[1] ?? 0) & 1) === 1)
    throw new Error('LZW of before TIFF 6, whose bits are in the other order');
  const end = into.length;
  let buffer = 0;
  let held = 0;
  let width = 9;
  let next = firstString;
  let from = 0;
  let to = 0;
  // The string before: in front of it there is none.
  let lastStart = -1;
  while (to < end) {
    while (held < width) {
      if (from >= bytes.length) return to;
      buffer = (buffer << 8) | (bytes[from++] as number);
      held += 8;
    }
    held -= width;
    const code = (buffer >>> held) & ((1 << width) - 1);
    if (code === endCode) return to;
    if (code === clearCode) {
      width = 9;
      next = firstString;
      lastStart = -1;
      continue;
    }
    // The new string is the last one and the byte after it, which this code is about to write.
    if (lastStart >= 0 && next < mostCodes) {
      starts[next] = lastStart;
      lengths[next] = to - lastStart + 1;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    lastStart = to;
    if (code < clearCode) {
      into[to++] = code;
      continue;
    }
    if (code >= next) throw new Error(`code ${code} of ${next}`);
    let source = starts[code] as number;
    const stop = Math.min(to + (lengths[code] as number), end);
    while (to < stop) into[to++] = into[source++] as number;
  }
  return to;
}
