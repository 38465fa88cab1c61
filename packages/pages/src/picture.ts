import { encodePng, type Raster } from '@noisy-pairs/imaging';

/** A picture as a data URI, and what it shows. */
export interface Picture {
  readonly caption: string;
  readonly uri: string;
}

/** As a PNG, so that every pixel is as it was. */
export async function picture(caption: string, raster: Raster): Promise<Picture> {
  const png = await encodePng(raster);
  return { caption, uri: `data:image/png;base64,${Buffer.from(png).toString('base64')}` };
}
