import type { Texture } from './textures/texture.ts';
import type { Crop } from './layout/layout.ts';

/**
 * A crop as a walk through its texture: image pixel (x, y) is `pixels[start + x * right + y *
 * down]`.
 */
export interface Walk {
  readonly pixels: Uint8Array | Uint32Array;
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** The crop is mirrored (if flip), then turned counter-clockwise; the walk undoes both. */
export function walkOf(
  { width, pixels }: Texture,
  { x, y, turns, flip }: Crop,
  size: number,
): Walk {
  const last = size - 1;
  // Image pixel (0, 0) in the crop, and a step to the right: of an image turned counter-clockwise
  // once, pixel (x, y) was at (last - y, x).
  const [column, row, across, along] = (
    [
      [0, 0, 1, 0],
      [last, 0, 0, 1],
      [last, last, -1, 0],
      [0, last, 0, -1],
    ] as const
  )[turns as 0 | 1 | 2 | 3];
  const mirror = flip ? -1 : 1;
  return {
    pixels,
    start: (y + row) * width + x + (flip ? last - column : column),
    right: along * width + mirror * across,
    down: across * width - mirror * along,
  };
}

/** Pixels to paint on: RGB bytes, and the same memory as words. */
export interface Easel {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

export function createEasel(pixels: number): Easel {
  const words = new Uint32Array(Math.ceil((3 * pixels) / 4));
  return { words, bytes: new Uint8Array(words.buffer, 0, 3 * pixels) };
}

/**
 * Paints pixels from..to (of one row) of an image of the given size.
 * @param tables grey values of the image for those of a grey texture, 256 from `table` on
 */
export function paint(
  easel: Easel,
  { pixels, start, right, down }: Walk,
  from: number,
  to: number,
  size: number,
  tables: Uint8Array,
  table: number,
): void {
  const y = Math.floor(from / size);
  const source = start + y * down + (from - y * size) * right;
  // One function for each type of array is what the compiler makes fast.
  if (pixels instanceof Uint8Array)
    paintGrey(easel, pixels, source, right, from, to, tables, table);
  else paintColour(easel, pixels, source, right, from, to);
}

// Both write four pixels as three words where they can (twice as fast as bytes), in the byte order
// of every machine that Node.js runs on but one.

function paintGrey(
  { bytes, words }: Easel,
  pixels: Uint8Array,
  source: number,
  right: number,
  from: number,
  to: number,
  tables: Uint8Array,
  table: number,
): void {
  let pixel = from;
  for (; pixel < to && pixel % 4 !== 0; pixel++, source += right)
    paintPixel(bytes, pixel, (tables[table + (pixels[source] as number)] as number) * 0x010101);
  for (let word = (3 * pixel) / 4; pixel + 4 <= to; pixel += 4, word += 3, source += 4 * right) {
    const a = tables[table + (pixels[source] as number)] as number;
    const b = tables[table + (pixels[source + right] as number)] as number;
    const c = tables[table + (pixels[source + 2 * right] as number)] as number;
    const d = tables[table + (pixels[source + 3 * right] as number)] as number;
    words[word] = (a * 0x010101) | (b << 24);
    words[word + 1] = (b * 0x0101) | (c << 16) | (c << 24);
    words[word + 2] = c | ((d * 0x010101) << 8);
  }
  for (; pixel < to; pixel++, source += right)
    paintPixel(bytes, pixel, (tables[table + (pixels[source] as number)] as number) * 0x010101);
}

function paintColour(
  { bytes, words }: Easel,
  pixels: Uint32Array,
  source: number,
  right: number,
  from: number,
  to: number,
): void {
  let pixel = from;
  for (; pixel < to && pixel % 4 !== 0; pixel++, source += right)
    paintPixel(bytes, pixel, pixels[source] as number);
  for (let word = (3 * pixel) / 4; pixel + 4 <= to; pixel += 4, word += 3, source += 4 * right) {
    const a = pixels[source] as number;
    const b = pixels[source + right] as number;
    const c = pixels[source + 2 * right] as number;
    const d = pixels[source + 3 * right] as number;
    words[word] = a | (b << 24);
    words[word + 1] = (b >>> 8) | (c << 16);
    words[word + 2] = (c >>> 16) | (d << 8);
  }
  for (; pixel < to; pixel++, source += right) paintPixel(bytes, pixel, pixels[source] as number);
}

function paintPixel(bytes: Uint8Array, pixel: number, colour: number): void {
  bytes[3 * pixel] = colour;
  bytes[3 * pixel + 1] = colour >> 8;
  bytes[3 * pixel + 2] = colour >> 16;
}
