import { createRaster, type Raster } from '@noisy-pairs/imaging';
import type { CellMap } from '../measures/cell-map.ts';

/** A value at which a cell is darkest; distances beyond it are rare. */
const most = 1.2;
const white = [255, 255, 255] as const;
const orange = [230, 120, 20] as const;
const black = [70, 0, 20] as const;

/** A pixel a cell, from white (no difference) over orange to nearly black. */
export function heatMap({ rows, columns, values }: CellMap): Raster {
  const image = createRaster(columns, rows, 3);
  values.forEach((value, cell) => {
    const part = Math.max(0, Math.min(1, value / most));
    const [from, to, at] = part < 0.5 ? [white, orange, 2 * part] : [orange, black, 2 * part - 1];
    for (let band = 0; band < 3; band++) {
      const [a, b] = [from[band] as number, to[band] as number];
      image.data[3 * cell + band] = Math.round(a + (b - a) * at);
    }
  });
  return image;
}

/** Averages of whole squares of pixels, so that no edge is above `longest`. */
export function shrunk(image: Raster, longest: number): Raster {
  const factor = Math.ceil(Math.max(image.width, image.height) / longest);
  if (factor === 1) return image;
  const { channels, data } = image;
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const result = createRaster(width, height, channels);
  for (let at = 0; at < result.data.length; at++) {
    const band = at % channels;
    const pixel = (at - band) / channels;
    const left = (pixel % width) * factor;
    const top = Math.floor(pixel / width) * factor;
    let sum = 0;
    for (let y = top; y < top + factor; y++)
      for (let x = left; x < left + factor; x++)
        sum += data[(y * image.width + x) * channels + band] as number;
    result.data[at] = Math.round(sum / factor ** 2);
  }
  return result;
}
