import { createRaster, type Raster } from '@noisy-pairs/imaging';
import { unknownValue } from './labels/damage-mask.ts';
import type { Crop } from './sources/crops.ts';

/** The colours xBD's damage is usually shown in; unknown is grey. */
const colours = new Map<number, readonly [number, number, number]>([
  [1, [60, 200, 80]],
  [2, [250, 225, 50]],
  [3, [245, 140, 30]],
  [4, [225, 40, 40]],
  [unknownValue, [170, 170, 170]],
]);
/** Pixels between the three images. */
const gap = 8;

/** 3 x 5 dots a character, row after row. */
const glyphs: Readonly<Record<string, string>> = {
  '0': '111101101101111',
  '1': '010110010010111',
  '2': '111001111100111',
  '3': '111001111001111',
  '4': '101101111001001',
  '5': '111100111001111',
  '6': '111100111101111',
  '7': '111001010010010',
  '8': '111101111101111',
  '9': '111101111001111',
  '.': '000000000000010',
  '?': '111001011000010',
  '-': '000000111000000',
};

/**
 * Before, after, and the damage over the image after, side by side; the crops' grid with the noise
 * of each in the third.
 * @param pre RGB
 * @param post RGB of the same size
 * @param mask class ids of the same size
 */
export function pairPreview(
  pre: Raster,
  post: Raster,
  mask: Raster,
  crops: readonly Crop[],
): Raster {
  const marked = overlay(post, mask);
  const scale = Math.max(1, Math.round(pre.width / 512));
  for (const crop of crops) {
    const { x, y, width, height } = crop.window;
    frame(marked, x, y, width, height);
    write(marked, x + 4 * scale, y + 4 * scale, noiseText(crop), 2 * scale);
  }
  return sideBySide([pre, post, marked]);
}

/** The image under a veil of the mask's colours. */
function overlay({ width, height, data }: Raster, mask: Raster): Raster {
  const marked = createRaster(width, height, 3, data.slice());
  for (const [i, value] of mask.data.entries()) {
    const colour = colours.get(value);
    for (let c = 0; colour && c < 3; c++) {
      const at = 3 * i + c;
      marked.data[at] = Math.round(0.4 * (data[at] as number) + 0.6 * (colour[c] as number));
    }
  }
  return marked;
}

function noiseText({ tag, noise }: Crop): string {
  if (tag === 'unknown') return '?';
  if (noise === 0) return '0';
  return noise >= 10 ? String(Math.round(noise)) : noise.toFixed(2);
}

/** Images of one size in a row, on white. */
function sideBySide(images: readonly [Raster, Raster, Raster]): Raster {
  const [{ width, height }] = images;
  const sheet = createRaster(3 * width + 2 * gap, height, 3);
  sheet.data.fill(255);
  for (const [i, { data }] of images.entries()) {
    for (let y = 0; y < height; y++) {
      const row = data.subarray(y * width * 3, (y + 1) * width * 3);
      sheet.data.set(row, (y * sheet.width + i * (width + gap)) * 3);
    }
  }
  return sheet;
}

function dot({ data, width, height }: Raster, x: number, y: number, value: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const at = (y * width + x) * 3;
  data.fill(value, at, at + 3);
}

/** A white line along the edge of a rectangle. */
function frame(raster: Raster, x: number, y: number, width: number, height: number): void {
  for (let i = 0; i < width; i++)
    for (const row of [y, y + height - 1]) dot(raster, x + i, row, 255);
  for (let i = 0; i < height; i++)
    for (const column of [x, x + width - 1]) dot(raster, column, y + i, 255);
}

/** White characters on a black box. @param scale pixels a dot */
function write(raster: Raster, left: number, top: number, text: string, scale: number): void {
  for (let y = -scale; y < 6 * scale; y++)
    for (let x = -scale; x < text.length * 4 * scale; x++) dot(raster, left + x, top + y, 0);
  for (const [i, character] of Array.from(text).entries()) {
    const glyph = glyphs[character] ?? '';
    for (let k = 0; k < glyph.length; k++) {
      if (glyph[k] === '0') continue;
      const x = left + (i * 4 + (k % 3)) * scale;
      const y = top + Math.floor(k / 3) * scale;
      square(raster, x, y, scale);
    }
  }
}

function square(raster: Raster, left: number, top: number, edge: number): void {
  for (let y = 0; y < edge; y++) for (let x = 0; x < edge; x++) dot(raster, left + x, top + y, 255);
}
