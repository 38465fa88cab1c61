import { createRaster, type Raster } from '@noisy-pairs/imaging';

/** Class ids 0..classes - 1 spread over the greys 0..255. */
export function greyClasses({ data, width, height }: Raster, classes: number): Raster {
  const last = Math.max(1, classes - 1);
  const greys = data.map((label) => Math.round((255 * label) / last));
  return createRaster(width, height, 1, greys);
}
