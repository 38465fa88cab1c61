import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRaster, readImage, writePng, type Raster } from '@noisy-pairs/imaging';
import { isNodata } from '../tiles/nodata.ts';
import { readTile } from '../tiles/tile.ts';
import { damageMask, type Unclassified } from './damage-mask.ts';
import { parseLabel } from './parse-label.ts';

/** Version of what is drawn and counted: another number makes all cached masks anew. */
const version = 1;

/** Masks, made once and kept as small PNGs named by what they are made of. */
export interface MaskCache {
  /** The damage mask of a label. @throws as parseLabel */
  damage(
    label: string,
    width: number,
    height: number,
    unclassified?: Unclassified,
  ): Promise<Raster>;
  /**
   * 255 where either image is nodata, else 0. Both images must be of one size.
   * @throws as openTile
   */
  nodata(pre: string, post: string): Promise<Raster>;
}

/** @param folder where to keep them; absent = nothing is kept */
export function openMaskCache(folder?: string): MaskCache {
  const cached = async (key: readonly unknown[], make: () => Promise<Raster>): Promise<Raster> => {
    if (folder === undefined) return make();
    const name = hash('sha256', JSON.stringify([version, ...key])).slice(0, 32);
    const path = join(folder, name.slice(0, 2), `${name}.png`);
    if (existsSync(path)) return readImage(path);
    const mask = await make();
    await mkdir(dirname(path), { recursive: true });
    await writePng(path, mask);
    return mask;
  };
  return {
    async damage(label, width, height, unclassified = 'unknown') {
      const text = await readFile(label, 'utf8');
      const key = ['damage', hash('sha256', text), width, height, unclassified];
      return cached(key, () => {
        const { buildings } = parseLabel(text, label);
        return Promise.resolve(damageMask(buildings, width, height, unclassified));
      });
    },
    async nodata(pre, post) {
      // Reading 22,000 images to name their masks by content would take as long as making them.
      const stamps = await Promise.all([stampOf(pre), stampOf(post)]);
      return cached(['nodata', stamps], () => nodataMask(pre, post));
    },
  };
}

async function stampOf(file: string): Promise<readonly [string, number, number]> {
  const { size, mtimeMs } = await stat(file);
  return [file, size, mtimeMs];
}

async function nodataMask(pre: string, post: string): Promise<Raster> {
  const [before, after] = await Promise.all([readTile(pre), readTile(post)]);
  const { width, height } = before;
  if (after.width !== width || after.height !== height)
    throw new Error(
      `${post}: expected ${width} x ${height} pixels as before, got ${after.width} x ` +
        `${after.height}`,
    );
  const mask = createRaster(width, height, 1);
  for (let i = 0; i < mask.data.length; i++)
    if (isNodata(before, i) || isNodata(after, i)) mask.data[i] = 255;
  return mask;
}
