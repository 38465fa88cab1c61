import { voronoiScanner } from './cells.ts';
import { drawLayout, type Crop, type Layout } from './layout.ts';
import type { CompleteVtsOptions } from './options.ts';
import type { Texture, TextureBank, TextureSet } from './textures.ts';

/** Where to draw; what is left out is not drawn. */
export interface Canvas {
  /** [size, size, 3] */
  readonly clean?: Uint8Array;
  /** [size, size, 3]: as clean, but for the noisy cells. */
  readonly noisy?: Uint8Array;
  /** [size, size] class ids. */
  readonly mask?: Uint8Array;
  /** [size, size] 255 in noisy cells, 0 elsewhere. */
  readonly noiseMask?: Uint8Array;
}

/** Draws image `index` into the given buffers and returns what was drawn. Not for two callers at once: it reuses scratch memory. */
export type Generator = (index: number, canvas: Canvas) => Layout;

/** A crop as a walk through its texture: image pixel (x, y) is `pixels[start + x * right + y * down]`, and `right` is 1 or -1. */
interface Walk {
  readonly pixels: Uint8Array | Uint32Array;
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** The crop is mirrored (if flip), then turned counter-clockwise; the walk undoes both. An odd turn exchanges rows and columns, hence the transposed pixels. */
function walk(texture: Texture, { x, y, turns, flip }: Crop, size: number): Walk {
  const last = size - 1;
  const odd = turns % 2 === 1;
  // Image pixel (0, 0), and the step to the right, in crop coordinates; of an image turned counter-clockwise once, (x, y) was at (last - y, x).
  const [column, row] = ([[0, 0], [last, 0], [last, last], [0, last]] as const)[turns as 0 | 1 | 2 | 3];
  const mirror = flip ? -1 : 1;
  const originX = x + (flip ? last - column : column), originY = y + row;
  const stepX = (column === 0 ? 1 : -1) * mirror, stepY = row === 0 ? 1 : -1;
  return odd
    ? { pixels: texture.transposed, start: originX * texture.height + originY, right: stepY, down: stepX * texture.height }
    : { pixels: texture.pixels, start: originY * texture.width + originX, right: stepX, down: stepY * texture.width };
}

/** @param textures as opened for the same options */
export function createGenerator(options: CompleteVtsOptions, textures: TextureSet): Generator {
  const { size, cells } = options;
  const scan = voronoiScanner(size, cells);
  const isNoisy = new Uint8Array(cells);

  return (index, { clean, noisy, mask, noiseMask }) => {
    const layout = drawLayout(options, textures, index);
    isNoisy.fill(0);
    for (const cell of layout.noiseOrder.subarray(0, layout.noisyCells)) isNoisy[cell] = 1;
    const walks = layout.crops.map((crop, i) => walk((textures.banks[i] as TextureBank).get(crop.texture), crop, size));
    const noise = walks[walks.length - 1] as Walk;
    const spans = scan(layout.sites);

    for (let k = 0; k < spans.count; k++) {
      const from = spans.starts[k] as number, to = spans.starts[k + 1] as number;
      const cell = spans.cells[k] as number;
      const label = layout.classes[cell] as number;
      if (mask) mask.fill(label, from, to);
      if (noiseMask) noiseMask.fill(isNoisy[cell] ? 255 : 0, from, to);
      if (clean) paint(clean, walks[label] as Walk, from, to, size);
      if (noisy && (isNoisy[cell] || !clean)) paint(noisy, isNoisy[cell] ? noise : (walks[label] as Walk), from, to, size);
      else if (noisy && clean) copy(clean, noisy, 3 * from, 3 * to);
    }
    return layout;
  };
}

/** Native copies pay from some length on; below it the call costs more than the bytes. */
function copy(source: Uint8Array, target: Uint8Array, from: number, to: number): void {
  if (to - from > 48) target.set(source.subarray(from, to), from);
  else for (let i = from; i < to; i++) target[i] = source[i] as number;
}

/** Draws the pixels from..to (of one row) of a texture. */
function paint(target: Uint8Array, { pixels, start, right, down }: Walk, from: number, to: number, size: number): void {
  const y = Math.floor(from / size);
  const source = start + y * down + (from - y * size) * right;
  if (pixels instanceof Uint8Array) paintGrey(target, pixels, source, right, 3 * from, 3 * to);
  else paintColour(target, pixels, source, right, 3 * from, 3 * to);
}

// Two loops, each of one array type, are what the compiler makes fast.
function paintGrey(target: Uint8Array, pixels: Uint8Array, source: number, right: number, from: number, to: number): void {
  for (let out = from; out < to; out += 3, source += right) {
    const grey = pixels[source] as number;
    target[out] = grey;
    target[out + 1] = grey;
    target[out + 2] = grey;
  }
}

function paintColour(target: Uint8Array, pixels: Uint32Array, source: number, right: number, from: number, to: number): void {
  for (let out = from; out < to; out += 3, source += right) {
    const colour = pixels[source] as number;
    target[out] = colour;
    target[out + 1] = colour >> 8;
    target[out + 2] = colour >> 16;
  }
}
