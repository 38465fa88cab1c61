import { encodeJpeg, encodePng, type Raster } from '@noisy-pairs/imaging';

/** A picture as a data URI, and what it shows. */
export interface Picture {
  readonly caption: string;
  readonly uri: string;
}

/** As a PNG, so that every pixel is as it was. */
export async function picture(caption: string, raster: Raster): Promise<Picture> {
  return { caption, uri: dataUri('png', await encodePng(raster)) };
}

/** As a JPEG of high quality: a fifth of a PNG's bytes, for pages of many photographs. */
export async function photograph(caption: string, raster: Raster): Promise<Picture> {
  return { caption, uri: dataUri('jpeg', await encodeJpeg(raster, 92)) };
}

const dataUri = (type: 'png' | 'jpeg', bytes: Uint8Array) =>
  `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
