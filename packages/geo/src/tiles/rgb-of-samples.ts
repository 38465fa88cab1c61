import type { Samples } from '../tiff/samples.ts';

/** Pixels of a TIFF as they were read. */
export interface PixelSamples {
  /** For each pixel its colours, red, green and blue first, then alpha if there is one. */
  readonly values: Samples;
  /** Three or more. */
  readonly colours: number;
  readonly hasAlpha: boolean;
  readonly nodata: number | null;
  /** 0 for a pixel that holds nothing. */
  readonly mask: Uint8Array | undefined;
}

/**
 * RGB of 8 bits, black for pixels that hold nothing. Nodata that is no colour (-99, NaN) is black
 * in one band, too.
 * @returns the samples themselves where they are just that
 * @throws `PATH: ...` at the first value that is neither nodata nor a whole number in 0..255
 */
export function rgbOf(pixels: PixelSamples, path: string): Uint8Array {
  const { values, colours, hasAlpha, nodata } = pixels;
  const step = colours + (hasAlpha ? 1 : 0);
  const empty = emptyPixels(pixels, step);
  if (values instanceof Uint8Array && step === 3 && !empty) return values;
  const rgb = new Uint8Array((values.length / step) * 3);
  const other = isColour(nodata) ? null : nodata;
  for (let pixel = 0, from = 0, to = 0; from < values.length; pixel++, from += step, to += 3) {
    if (empty?.[pixel]) continue;
    for (let band = 0; band < 3; band++) {
      const value = values[from + band] as number;
      if (other !== null && isSame(value, other)) continue;
      if (!isByte(value)) throw new Error(refusal(value, nodata, path));
      rgb[to + band] = value;
    }
  }
  return rgb;
}

/** 1 for each pixel that is transparent, masked, or nodata in all bands; undefined: none can be. */
function emptyPixels(
  { values, colours, hasAlpha, nodata, mask }: PixelSamples,
  step: number,
): Uint8Array | undefined {
  const compares = isColour(nodata) && nodata !== 0; // black is black
  if (!hasAlpha && !mask && !compares) return undefined;
  const empty = new Uint8Array(values.length / step);
  for (let pixel = 0, from = 0; from < values.length; pixel++, from += step) {
    let isEmpty = mask?.[pixel] === 0 || (hasAlpha && values[from + colours] === 0);
    if (compares && !isEmpty) {
      isEmpty = true;
      for (let i = from; i < from + colours && isEmpty; i++) isEmpty = values[i] === nodata;
    }
    if (isEmpty) empty[pixel] = 1;
  }
  return empty;
}

const isByte = (value: number): boolean => value >= 0 && value <= 255 && value === (value | 0);
const isColour = (nodata: number | null): boolean =>
  nodata !== null && nodata >= 0 && nodata <= 255;
const isSame = (value: number, nodata: number): boolean =>
  value === nodata || (Number.isNaN(value) && Number.isNaN(nodata));

function refusal(value: number, nodata: number | null, path: string): string {
  if (value > 0 && value < 255)
    return `${path}: expected whole values 0..255, got ${value}; scale the image to 0..255 first`;
  const expected = nodata === null ? '0..255' : `0..255 or nodata ${nodata}`;
  return `${path}: expected values ${expected}, got ${value}`;
}
