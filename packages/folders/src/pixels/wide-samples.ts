import { openTiff, type BlockCache, type Tiff, type Window } from '@noisy-pairs/geo';
import { bandsOf } from './bands.ts';
import type { PixelRules } from '../index/folder-index.ts';

/** Samples of red, green and blue as they are in a file. */
export interface WideSamples {
  /** [n, 3] */
  readonly values: Float64Array;
  /** 1 for a pixel that holds nothing: nodata in all three, transparent, masked, or no number. */
  readonly empty: Uint8Array;
}

/** A TIFF of any sample type. */
export interface WideImage {
  readonly width: number;
  readonly height: number;
  /** @throws as Tiff.read */
  read(window: Window): Promise<WideSamples>;
}

/** @throws as openTiff and bandsOf; if the colours are a palette's, or white is 0 */
export async function openWideTiff(
  path: string,
  rules: Pick<PixelRules, 'bands'>,
  cache: BlockCache,
): Promise<WideImage> {
  const tiff = await openTiff(path, cache);
  const { width, height, samples, alpha, photometric } = tiff.structure;
  const colours = Array.from({ length: samples }, (_, i) => i).filter((band) => band !== alpha);
  const rgb = bandsOf(colours.length, rules, path).map((band) => colours[band] as number);
  if (photometric === 3) throw new Error(`${path}: expected colours, got a TIFF with a palette`);
  if (photometric === 0 && colours.length === 1)
    throw new Error(`${path}: expected black as 0, got a TIFF whose white is 0; invert it first`);
  return { width, height, read: (window) => readWide(tiff, rgb, window) };
}

async function readWide(tiff: Tiff, rgb: readonly number[], window: Window): Promise<WideSamples> {
  const { alpha, nodata } = tiff.structure;
  const read = [...new Set(alpha === undefined ? rgb : [...rgb, alpha])];
  const samples = await tiff.read(window, read);
  const mask = await tiff.readMask(window);
  const places = rgb.map((band) => read.indexOf(band));
  const opacity = alpha === undefined ? -1 : read.indexOf(alpha);
  const pixels = window.width * window.height;
  const values = new Float64Array(pixels * 3);
  const empty = new Uint8Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * read.length;
    let isNodata = nodata !== null;
    let isNumber = true;
    for (let i = 0; i < 3; i++) {
      const value = samples[from + (places[i] as number)] as number;
      values[pixel * 3 + i] = value;
      isNodata &&= value === nodata;
      isNumber &&= Number.isFinite(value);
    }
    const isHidden = mask?.[pixel] === 0 || (opacity >= 0 && samples[from + opacity] === 0);
    if (isNodata || !isNumber || isHidden) empty[pixel] = 1;
  }
  return { values, empty };
}
