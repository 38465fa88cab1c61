/**
 * Unpacks runs and literal bytes into `into`, and no further than its end.
 * @returns bytes written, fewer if the packed ones end before
 */
export function unpackBits(bytes: Uint8Array, into: Uint8Array): number {
  let from = 0;
  let to = 0;
  while (to < into.length && from < bytes.length) {
    const head = bytes[from++] as number;
    if (head === 128) continue;
    const count = Math.min(head < 128 ? head + 1 : 257 - head, into.length - to);
    if (head < 128) {
      const literal = bytes.subarray(from, from + count);
      into.set(literal, to);
      from += count;
      to += literal.length;
    } else {
      if (from >= bytes.length) break;
      into.fill(bytes[from++] as number, to, to + count);
      to += count;
    }
  }
  return to;
}
