import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Raster } from '@noisy-pairs/imaging';
import { countDamage, type DamageCounts } from '../labels/damage-mask.ts';
import { parseLabel, type Building } from '../labels/label.ts';
import type { MaskCache } from '../labels/mask-cache.ts';
import type { Window } from '../tiles/window.ts';
import type { XbdPair } from '../index/xbd-index.ts';

/** A square of a place, and what changed in it. */
export interface Crop {
  /** Which of the pairs. */
  readonly pair: number;
  readonly window: Window;
  readonly counts: DamageCounts;
  /**
   * Buildings whose bounding box has its centre in the crop: all, and those with minor damage or
   * worse.
   */
  readonly buildings: number;
  readonly damagedBuildings: number;
  /** Share of nodata pixels, 0..1. */
  readonly nodata: number;
  /** By the measure asked for: 0 for no damage. */
  readonly noise: number;
  /**
   * clean: no damage and nothing unknown. noisy: damage in the range asked for. other: damage
   * beyond the range. unknown: no damage that is known, but un-classified buildings.
   */
  readonly kind: 'clean' | 'noisy' | 'other' | 'unknown';
}

/**
 * How the noise of a crop is measured: damaged pixels over all its pixels, or over its (classified)
 * building pixels, or the number of damaged buildings.
 */
export type NoiseMeasure = 'pixels' | 'building-pixels' | 'buildings';

export interface CropOptions {
  /** Edge in pixels. */
  readonly size: number;
  /** From one crop to the next; default = size: side by side, from the upper left. */
  readonly stride?: number;
  /** Default building-pixels. */
  readonly measure?: NoiseMeasure;
  /** A crop is noisy in from..to; above 0. Default: any damage. */
  readonly noisyFrom?: number;
  readonly noisyTo?: number;
  /** Crops with fewer building pixels are refused. Default 0. */
  readonly leastBuildingPixels?: number;
  /** Crops with a larger share of nodata are refused. Default 0.1. */
  readonly mostNodata?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export interface CropList {
  readonly crops: readonly Crop[];
  /** How many were left out, and why. */
  readonly refused: { readonly nodata: number; readonly fewBuildings: number };
}

/**
 * Cuts pairs into crops and tags each by the damage in it, as the label after says.
 * @param root where the pairs' paths begin
 * @throws naming an option out of range, or a file that cannot be read
 */
export async function cropPairs(
  root: string,
  pairs: readonly XbdPair[],
  masks: MaskCache,
  options: CropOptions,
): Promise<CropList> {
  const {
    size,
    stride = size,
    leastBuildingPixels = 0,
    mostNodata = 0.1,
    onProgress,
    signal,
  } = options;
  checkOptions(options);
  const crops: Crop[] = [];
  const refused = { nodata: 0, fewBuildings: 0 };
  for (const [index, pair] of pairs.entries()) {
    signal?.throwIfAborted();
    const label = join(root, pair.postLabel);
    const damage = await masks.damage(label, pair.width, pair.height);
    const nodata = await masks.nodata(join(root, pair.pre), join(root, pair.post));
    const centres = parseLabel(await readFile(label, 'utf8'), label).buildings.flatMap(centreOf);
    for (let y = 0; y + size <= pair.height; y += stride) {
      for (let x = 0; x + size <= pair.width; x += stride) {
        const window = { x, y, width: size, height: size };
        const empty = share(nodata, window);
        const counts = countDamage(damage, window);
        if (empty > mostNodata) refused.nodata++;
        else if (counts.building < leastBuildingPixels) refused.fewBuildings++;
        else
          crops.push(
            tag(
              { pair: index, window, counts, nodata: empty, ...countBuildings(centres, window) },
              options,
            ),
          );
      }
    }
    onProgress?.(index + 1, pairs.length);
  }
  return { crops, refused };
}

function tag(
  crop: Omit<Crop, 'noise' | 'kind'>,
  { measure = 'building-pixels', noisyFrom = Number.MIN_VALUE, noisyTo = Infinity }: CropOptions,
): Crop {
  const { counts, buildings, damagedBuildings } = crop;
  const known = counts.building - counts.unknown;
  const noise =
    measure === 'pixels'
      ? counts.damaged / counts.pixels
      : measure === 'buildings'
        ? damagedBuildings
        : known === 0
          ? 0
          : counts.damaged / known;
  const kind =
    counts.damaged > 0 || (measure === 'buildings' && damagedBuildings > 0)
      ? noise >= noisyFrom && noise <= noisyTo
        ? 'noisy'
        : 'other'
      : counts.unknown > 0
        ? 'unknown'
        : 'clean';
  return { ...crop, buildings, noise, kind };
}

interface Centre {
  readonly x: number;
  readonly y: number;
  readonly damaged: boolean;
}

function centreOf({ polygons, damage }: Building): Centre[] {
  const outline = polygons[0]?.[0];
  if (!outline) return [];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < outline.length; i += 2) {
    left = Math.min(left, outline[i] as number);
    right = Math.max(right, outline[i] as number);
    top = Math.min(top, outline[i + 1] as number);
    bottom = Math.max(bottom, outline[i + 1] as number);
  }
  return [
    {
      x: (left + right) / 2,
      y: (top + bottom) / 2,
      damaged: damage !== undefined && damage !== 'no-damage' && damage !== 'un-classified',
    },
  ];
}

function countBuildings(
  centres: readonly Centre[],
  { x, y, width, height }: Window,
): { buildings: number; damagedBuildings: number } {
  const inside = centres.filter(
    (centre) => centre.x >= x && centre.x < x + width && centre.y >= y && centre.y < y + height,
  );
  return {
    buildings: inside.length,
    damagedBuildings: inside.filter(({ damaged }) => damaged).length,
  };
}

/** Share of a window's pixels that are not 0. */
function share(mask: Raster, { x, y, width, height }: Window): number {
  let count = 0;
  for (let row = y; row < y + height; row++)
    for (let i = row * mask.width + x, end = i + width; i < end; i++)
      if (mask.data[i] !== 0) count++;
  return count / (width * height);
}

function checkOptions({
  size,
  stride = size,
  noisyFrom = Number.MIN_VALUE,
  noisyTo = Infinity,
  leastBuildingPixels = 0,
  mostNodata = 0.1,
}: CropOptions): void {
  const check = (name: string, value: number, holds: boolean, expected: string) => {
    if (!holds) throw new Error(`crops: ${name}: expected ${expected}, got ${value}`);
  };
  check('size', size, Number.isInteger(size) && size >= 1, 'a positive whole number');
  check('stride', stride, Number.isInteger(stride) && stride >= 1, 'a positive whole number');
  check('noisyFrom', noisyFrom, noisyFrom > 0, 'a number above 0');
  check('noisyTo', noisyTo, noisyTo >= noisyFrom, `at least noisyFrom, ${noisyFrom}`);
  check('leastBuildingPixels', leastBuildingPixels, leastBuildingPixels >= 0, 'a number of pixels');
  check('mostNodata', mostNodata, mostNodata >= 0 && mostNodata <= 1, 'a share in 0..1');
}
