import type { Raster } from '@noisy-pairs/imaging';

/**
 * Whether pixel i of an RGB raster holds nothing: black in all bands, as padding is, and as tiles
 * give nodata by tag.
 */
export const isNodata = ({ data }: Raster, i: number): boolean =>
  data[3 * i] === 0 && data[3 * i + 1] === 0 && data[3 * i + 2] === 0;

/** Pixels that are nodata in either of two RGB rasters of one size. */
export function countNodata(before: Raster, after: Raster): number {
  let count = 0;
  for (let i = 0; i < before.width * before.height; i++)
    if (isNodata(before, i) || isNodata(after, i)) count++;
  return count;
}
