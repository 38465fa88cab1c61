import { join } from 'node:path';
import { createBlockCache } from '@noisy-pairs/geo';
import { openWideTiff } from '../pixels/wide-samples.ts';
import type { NamedImage } from '../rules/found.ts';
import type { PixelRules } from './folder-index.ts';

/** An image of more than 8 bits. */
export interface WideFile {
  readonly image: NamedImage;
  readonly sort: string;
}

/** Samples that are looked at, of one sort of image and a band. */
const mostSamples = 2 ** 20;

type Ranges = Record<string, [number, number][]>;

/**
 * The values of red, green and blue below which `low` percent of a sort of images lie, and above
 * which the rest: over the set, of pixels that lie evenly in each image.
 * @throws `PATH: ...` if an image cannot be read; if all pixels of a sort are equal or nodata
 */
export async function measureStretch(
  root: string,
  files: readonly WideFile[],
  bands: PixelRules['bands'],
  [low, high]: readonly [number, number],
  onProgress?: (done: number, of: number) => void,
): Promise<Ranges> {
  const counts = new Map<string, number>();
  for (const { sort } of files) counts.set(sort, (counts.get(sort) ?? 0) + 1);
  const samples = new Map<string, [number[], number[], number[]]>();
  for (const [i, { image, sort }] of files.entries()) {
    const kept = samples.get(sort) ?? [[], [], []];
    samples.set(sort, kept);
    const most = Math.max(16, Math.floor(mostSamples / (counts.get(sort) ?? 1)));
    const isBandFile = image.files.length > 1;
    for (const [band, file] of image.files.entries())
      await take(join(root, file), bands, most, isBandFile ? kept.slice(band, band + 1) : kept);
    onProgress?.(i + 1, files.length);
  }
  const ranges: Ranges = {};
  for (const [sort, kept] of samples) {
    ranges[sort] = kept.map((values) => {
      values.sort((a, b) => a - b);
      const [dark, bright] = [percentile(values, low), percentile(values, high)];
      if (dark < bright) return [dark, bright];
      throw new Error(
        `--stretch: expected values that differ in images of type ${sort}, as ` +
          `${files.find((file) => file.sort === sort)?.image.files[0] ?? ''}, got ${dark} and ` +
          `${bright} at ${low} and ${high} %`,
      );
    });
  }
  return ranges;
}

/** Adds values of an image to those of red, green and blue; of a file of one band, to one list. */
async function take(
  path: string,
  bands: PixelRules['bands'],
  most: number,
  kept: readonly number[][],
): Promise<void> {
  const image = await openWideTiff(path, { bands }, createBlockCache(0));
  const { width, height } = image;
  const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / most)));
  const rows = Math.max(1, Math.floor(2 ** 22 / width));
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    const { values, empty } = await image.read({ x: 0, y: top, width, height: count });
    for (let y = (step - (top % step)) % step; y < count; y += step)
      for (let x = 0; x < width; x += step) {
        const pixel = y * width + x;
        if (empty[pixel]) continue;
        for (const [c, list] of kept.entries()) list.push(values[3 * pixel + c] as number);
      }
  }
}

/** As numpy has it, by linear interpolation; NaN of none. */
function percentile(sorted: readonly number[], percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}
