import { cellLeveller, sameTables, type CellWalks } from './cell-levels.ts';
import { voronoiScanner, type Spans } from './layout/cells.ts';
import type { CellLevels } from './layout/drawn-levels.ts';
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
  const tables = sameTables(cells);
  const level = cellLeveller(size, cells);

  const fill = (spans: Spans, walks: CellWalks, levels: CellLevels | undefined): void => {
    if (levels) level(spans, walks, levels, tables);
    eachSpan(spans, (cell, from, to) => {
      const walk = walks[cell];
      if (walk) paint(easel, walk, from, to, size, tables, 256 * cell);
    });
  };

  return (index, { clean, noisy, mask, noiseMask }) => {
    const layout = drawLayout(options, textures, index);
    const { classes, levels } = layout;
    const walks = layout.crops.map((crop, i) =>
      walkOf((textures.banks[i] as TextureBank).get(crop.texture), crop, size),
    );
    const spans = scan(layout.sites);

    const clear = Array.from(classes, (label) => walks[label]);
    if (clean || noisy) fill(spans, clear, levels);
    if (clean) clean.set(easel.bytes);
    if (mask) eachSpan(spans, (cell, from, to) => mask.fill(classes[cell] as number, from, to));
    if (!noisy && !noiseMask) return layout;

    const noise: (Walk | undefined)[] = new Array<undefined>(cells).fill(undefined);
    for (const cell of layout.noiseOrder.subarray(0, layout.noisyCells)) noise[cell] = walks.at(-1);
    if (noisy) {
      fill(spans, noise, levels);
      noisy.set(easel.bytes);
    }
    if (noiseMask)
      eachSpan(spans, (cell, from, to) => noiseMask.fill(noise[cell] ? 255 : 0, from, to));
    return layout;
  };
}

/** Visits the runs of pixels from..to of each cell. */
function eachSpan(
  { count, starts, cells }: Spans,
  visit: (cell: number, from: number, to: number) => void,
): void {
  for (let k = 0; k < count; k++)
    visit(cells[k] as number, starts[k] as number, starts[k + 1] as number);
}
