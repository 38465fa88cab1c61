import type { Raster } from '@noisy-pairs/imaging';

/** Shares of an image of which little can be said, 0..1. */
export interface Exposure {
  /** Pixels that are 250 or more in every band. */
  readonly saturated: number;
  /** Pixels that are 5 or less in every band. */
  readonly black: number;
  /** Cells of 16 px whose grey values deviate by less than 2 of 255. */
  readonly flat: number;
}

const bright = 250;
const dark = 5;
const cell = 16;
const leastDeviation = 2;

export function exposureOf(image: Raster): Exposure {
  const { width, height, channels, data } = image;
  const colours = Math.min(channels, 3);
  let [saturated, black] = [0, 0];
  for (let at = 0; at < data.length; at += channels) {
    let [least, most] = [255, 0];
    for (let band = at; band < at + colours; band++) {
      least = Math.min(least, data[band] as number);
      most = Math.max(most, data[band] as number);
    }
    if (least >= bright) saturated++;
    if (most <= dark) black++;
  }
  const pixels = width * height;
  return { saturated: saturated / pixels, black: black / pixels, flat: flatCells(image) };
}

/** Of the whole cells; 0 where an image holds none. */
function flatCells(image: Raster): number {
  const rows = Math.floor(image.height / cell);
  const columns = Math.floor(image.width / cell);
  let flat = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (deviationOf(image, column * cell, row * cell) < leastDeviation) flat++;
  return rows * columns === 0 ? 0 : flat / (rows * columns);
}

/** Standard deviation of the mean of the bands. */
function deviationOf({ width, channels, data }: Raster, left: number, top: number): number {
  const colours = Math.min(channels, 3);
  let [sum, squares] = [0, 0];
  for (let y = top; y < top + cell; y++) {
    for (let x = left; x < left + cell; x++) {
      const at = (y * width + x) * channels;
      let grey = 0;
      for (let band = at; band < at + colours; band++) grey += (data[band] as number) / colours;
      sum += grey;
      squares += grey * grey;
    }
  }
  const count = cell * cell;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** The worse of both images, by each measure. */
export function worseExposure(first: Exposure, second: Exposure): Exposure {
  return {
    saturated: Math.max(first.saturated, second.saturated),
    black: Math.max(first.black, second.black),
    flat: Math.max(first.flat, second.flat),
  };
}
