import { join } from 'node:path';
import type { Window } from '@noisy-pairs/geo';
import type { Raster } from '@noisy-pairs/imaging';
import type { XbdPair } from '../index/index-file.ts';
import { countDamage, type DamageCounts } from '../labels/damage-mask.ts';
import { readLabel } from '../labels/label-text.ts';
import type { Building } from '../labels/label.ts';
import type { MaskCache } from '../labels/mask-cache.ts';
import { centreOf, countBuildings } from './building-centres.ts';
import { checkCropOptions, type CropOptions } from './crop-options.ts';
import { noiseOf, tagOf, type CropTag } from './crop-tag.ts';

/** A square of a place, and what changed in it. */
export interface Crop {
  /** Index into the pairs. */
  readonly pair: number;
  readonly window: Window;
  readonly counts: DamageCounts;
  /** Buildings whose bounding box has its centre in the crop. */
  readonly buildings: number;
  /** Those of them with minor damage or worse. */
  readonly damagedBuildings: number;
  /** Share of nodata pixels, 0..1. */
  readonly nodata: number;
  /** By the measure asked for: 0 for no damage. */
  readonly noise: number;
  readonly tag: CropTag;
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
  checkCropOptions(options);
  const { leastBuildingPixels = 0, mostNodata = 0.1, onProgress, signal } = options;
  const crops: Crop[] = [];
  const refused = { nodata: 0, fewBuildings: 0 };
  for (const [index, pair] of pairs.entries()) {
    signal?.throwIfAborted();
    const label = join(root, pair.postLabel);
    const damage = await masks.damage(label, pair.width, pair.height);
    const nodataMask = await masks.nodata(join(root, pair.pre), join(root, pair.post));
    const { buildings } = await readLabel(label);
    const centres = buildings.flatMap(centreOf);
    const isDamageLost = buildings.some(hasNoPlace);
    for (const window of windowsOf(pair, options)) {
      const nodata = shareOf(nodataMask, window);
      const counts = countDamage(damage, window);
      if (nodata > mostNodata) refused.nodata++;
      else if (counts.building < leastBuildingPixels) refused.fewBuildings++;
      else {
        const content = { counts, ...countBuildings(centres, window) };
        const noise = noiseOf(content, options);
        const tag = tagOf({ ...content, isDamageLost }, noise, options);
        crops.push({ pair: index, window, nodata, ...content, noise, tag });
      }
    }
    onProgress?.(index + 1, pairs.length);
  }
  return { crops, refused };
}

/** Whether a building is, or may be, damaged, but has no outline that tells where it is. */
const hasNoPlace = ({ damage, polygons }: Building) =>
  polygons.length === 0 && damage !== undefined && damage !== 'no-damage';

/** Squares side by side or by the stride, row by row, from the upper left. */
function windowsOf({ width, height }: XbdPair, { size, stride = size }: CropOptions): Window[] {
  const windows: Window[] = [];
  for (let y = 0; y + size <= height; y += stride)
    for (let x = 0; x + size <= width; x += stride)
      windows.push({ x, y, width: size, height: size });
  return windows;
}

/** Share of a window's pixels that are not 0. */
function shareOf(mask: Raster, { x, y, width, height }: Window): number {
  let count = 0;
  for (let row = y; row < y + height; row++)
    for (let i = row * mask.width + x, end = i + width; i < end; i++)
      if (mask.data[i] !== 0) count++;
  return count / (width * height);
}
