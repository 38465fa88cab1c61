import { createRaster, encodePng, type Raster } from '@noisy-pairs/imaging';

/** A picture as a data URI, and what it shows. */
export interface Picture {
  readonly caption: string;
  readonly uri: string;
}

export async function picture(caption: string, raster: Raster): Promise<Picture> {
  const png = await encodePng(raster);
  return { caption, uri: `data:image/png;base64,${Buffer.from(png).toString('base64')}` };
}

/** Class ids 0..classes - 1 spread over the greys 0..255. */
export function greyClasses({ data, width, height }: Raster, classes: number): Raster {
  const last = Math.max(1, classes - 1);
  const greys = data.map((label) => Math.round((255 * label) / last));
  return createRaster(width, height, 1, greys);
}
