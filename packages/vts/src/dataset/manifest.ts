import type { CellLevels } from '../layout/drawn-levels.ts';
import { cellPolygons } from '../layout/cell-polygons.ts';
import { drawLayout } from '../layout/layout.ts';
import type { CompleteVtsOptions } from '../options.ts';
import type { TextureBank, TextureSet } from '../textures/texture.ts';

/** A line of manifest.jsonl: all that was drawn for an image. */
export interface ManifestEntry {
  readonly index: number;
  /** x, y in pixels; cell i is where site i is nearest, of equally near sites the first. */
  readonly sites: readonly (readonly [number, number])[];
  /**
   * Corners of each cell, clipped to the image; null for a site that coincides with an earlier one.
   */
  readonly polygons: readonly (readonly (readonly [number, number])[] | null)[];
  /** Class id of each cell. */
  readonly classes: readonly number[];
  /** Cells that the noisy image fills with the noise texture, ascending. */
  readonly noisyCells: readonly number[];
  /**
   * The texture of each class, and last of the noise: a square of `size` pixels at (x, y), mirrored
   * if `flip`, then turned `turns` quarters counter-clockwise.
   */
  readonly crops: readonly {
    class: string;
    texture: string;
    x: number;
    y: number;
    turns: number;
    flip: boolean;
  }[];
  /** Mean and deviation that each cell is brought to, of built-in textures. */
  readonly levels?: readonly (readonly [mean: number, deviation: number])[];
}

function manifestEntry(
  options: CompleteVtsOptions,
  textures: TextureSet,
  index: number,
): ManifestEntry {
  const layout = drawLayout(options, textures, index);
  const { sites, classes, noiseOrder, noisyCells, crops, levels } = layout;
  const siteOf = (i: number) => [sites[2 * i] as number, sites[2 * i + 1] as number] as const;
  return {
    index,
    sites: Array.from(classes, (_, i) => siteOf(i)),
    polygons: cellPolygons(sites, options.size),
    classes: [...classes],
    noisyCells: [...noiseOrder.subarray(0, noisyCells)].sort((a, b) => a - b),
    crops: crops.map(({ texture, x, y, turns, flip }, i) => {
      const name = (textures.banks[i] as TextureBank).get(texture).name;
      const label = textures.classes[i] ?? textures.noiseClass;
      return { class: label, texture: name, x, y, turns, flip };
    }),
    ...(levels && { levels: pairsOf(levels) }),
  };
}

const pairsOf = ({ means, deviations }: CellLevels) =>
  Array.from(means, (mean, i) => [mean, deviations[i] as number] as const);

/**
 * manifest.jsonl: a line an image, as UTF-8 (which, unlike a string, may exceed half a gigabyte).
 */
export function manifest(options: CompleteVtsOptions, textures: TextureSet): Uint8Array {
  const lines: Buffer[] = [];
  for (let index = 0; index < options.length; index++)
    lines.push(Buffer.from(`${JSON.stringify(manifestEntry(options, textures, index))}\n`));
  return Buffer.concat(lines);
}
