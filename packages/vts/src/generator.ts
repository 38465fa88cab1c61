import { voronoiScanner, type Spans } from './layout/cells.ts';
import { drawLayout, type Layout } from './layout/layout.ts';
import type { CompleteVtsOptions } from './options.ts';
import { createEasel, paint, walkOf, type Walk } from './paint.ts';
import type { TextureBank, TextureSet } from './textures/texture.ts';

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

/**
 * Draws image `index` into the given buffers and returns what was drawn. Not for two callers at
 * once: it reuses scratch memory.
 */
export type Generator = (index: number, canvas: Canvas) => Layout;

/** @param textures as opened for the same options */
export function createGenerator(options: CompleteVtsOptions, textures: TextureSet): Generator {
  const { size, cells } = options;
  const scan = voronoiScanner(size, cells);
  const easel = createEasel(size * size);
  const isNoisy = new Uint8Array(cells);

  return (index, { clean, noisy, mask, noiseMask }) => {
    const layout = drawLayout(options, textures, index);
    const walks = layout.crops.map((crop, i) =>
      walkOf((textures.banks[i] as TextureBank).get(crop.texture), crop, size),
    );
    const spans = scan(layout.sites);

    eachRun(spans, size, layout.classes, (label, from, to) => {
      if (clean || noisy) paint(easel, walks[label] as Walk, from, to, size);
      if (mask) mask.fill(label, from, to);
    });
    if (clean) clean.set(easel.bytes);
    if (!noisy && !noiseMask) return layout;

    isNoisy.fill(0);
    for (let i = 0; i < layout.noisyCells; i++) isNoisy[layout.noiseOrder[i] as number] = 1;
    if (noiseMask) noiseMask.fill(0);
    const noise = walks[walks.length - 1] as Walk;
    eachRun(spans, size, isNoisy, (is, from, to) => {
      if (is === 0) return;
      if (noisy) paint(easel, noise, from, to, size);
      if (noiseMask) noiseMask.fill(255, from, to);
    });
    if (noisy) noisy.set(easel.bytes);
    return layout;
  };
}

/**
 * Visits runs of pixels of a row whose cells have the same value: neighbouring spans are often of
 * one class.
 */
function eachRun(
  { count, starts, cells }: Spans,
  size: number,
  values: Uint8Array,
  visit: (value: number, from: number, to: number) => void,
): void {
  for (let k = 0; k < count;) {
    const from = starts[k] as number;
    const value = values[cells[k] as number] as number;
    const rowEnd = from - (from % size) + size;
    do k++;
    while (k < count && (starts[k] as number) < rowEnd && values[cells[k] as number] === value);
    visit(value, from, starts[k] as number);
  }
}
