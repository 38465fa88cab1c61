/** Flips a square image of interleaved channels in place. @param size its edge in pixels */
export function flip(
  pixels: Uint8Array,
  size: number,
  channels: number,
  horizontal: boolean,
  vertical: boolean,
): void {
  const row = size * channels;
  if (vertical) {
    const copy = pixels.slice();
    for (let y = 0; y < size; y++)
      pixels.set(copy.subarray((size - 1 - y) * row, (size - y) * row), y * row);
  }
  if (horizontal) {
    const copy = pixels.slice();
    for (let i = 0; i < pixels.length; i += channels) {
      const x = (i % row) / channels;
      const from = i + (size - 1 - 2 * x) * channels;
      for (let c = 0; c < channels; c++) pixels[i + c] = copy[from + c] ?? 0;
    }
  }
}

/**
 * Moves a square image of interleaved channels in place, by whole pixels to the right and down;
 * zeros come in.
 */
export function shift(
  pixels: Uint8Array,
  size: number,
  channels: number,
  right: number,
  down: number,
): void {
  const copy = pixels.slice();
  const row = size * channels;
  const kept = Math.max(0, size - Math.abs(right)) * channels;
  const from = Math.max(0, -right) * channels;
  const to = Math.max(0, right) * channels;
  pixels.fill(0);
  for (let y = 0; y < size; y++) {
    const source = y - down;
    if (source < 0 || source >= size) continue;
    const start = source * row + from;
    pixels.set(copy.subarray(start, start + kept), y * row + to);
  }
}
