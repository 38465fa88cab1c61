import { createHash, hash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNodata, readTile } from '@noisy-pairs/geo';
import {
  createRaster,
  decodeImage,
  encodePng,
  readRegularFile,
  requireRegularFile,
  writeFileAtomic,
  type Raster,
} from '@noisy-pairs/imaging';
import { damageMask, type Unclassified } from './damage-mask.ts';
import { readLabelText } from './label-text.ts';
import { parseLabel } from './parse-label.ts';

/** Version of what is drawn and counted: another number makes all cached masks anew. */
const version = 2;

/**
 * Masks, made once and kept as small PNGs named by what they are made of, a hash behind the last
 * chunk, where readers of PNG do not look. One that is damaged or of another name is made anew.
 */
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
    const kept = await readSealed(path, name);
    if (kept) return kept;
    const mask = await make();
    await mkdir(dirname(path), { recursive: true });
    const png = await encodePng(mask);
    await writeFileAtomic(path, Buffer.concat([png, sealOf(name, png)]));
    return mask;
  };
  return {
    async damage(label, width, height, unclassified = 'unknown') {
      const text = await readLabelText(label);
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

const sealBytes = 32;

/** Ties a cached PNG to its name and its bytes. */
const sealOf = (name: string, png: Uint8Array): Buffer =>
  createHash('sha256').update(name).update(png).digest();

/** undefined where there is none, or one that is not what was written under this name. */
async function readSealed(path: string, name: string): Promise<Raster | undefined> {
  const bytes = await readRegularFile(path).catch(() => Buffer.alloc(0));
  const png = bytes.subarray(0, Math.max(0, bytes.length - sealBytes));
  return sealOf(name, png).equals(bytes.subarray(png.length)) ? decodeImage(png, path) : undefined;
}

async function stampOf(file: string): Promise<readonly [string, number, number]> {
  requireRegularFile(file);
  const about = await stat(file);
  return [file, about.size, about.mtimeMs];
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
