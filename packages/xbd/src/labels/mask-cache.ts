import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createRaster, readImage, writePng, type Raster } from '@noisy-pairs/imaging';
import { damageMask, type Unclassified } from './damage-mask.ts';
import { parseLabel } from './label.ts';
import { isNodata } from '../tiles/nodata.ts';
import { readTile } from '../tiles/tile.ts';

/** Of what is drawn and counted: another number makes all cached masks anew. */
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
    const name = createHash('sha256')
      .update(JSON.stringify([version, ...key]))
      .digest('hex')
      .slice(0, 32);
    const path = join(folder, name.slice(0, 2), `${name}.png`);
    if (existsSync(path)) return readImage(path);
    const mask = await make();
    await mkdir(join(folder, name.slice(0, 2)), { recursive: true });
    await writePng(path, mask);
    return mask;
  };
  return {
    async damage(label, width, height, unclassified = 'unknown') {
      const text = await readFile(label, 'utf8');
      return cached(
        ['damage', createHash('sha256').update(text).digest('hex'), width, height, unclassified],
        () =>
          Promise.resolve(
            damageMask(parseLabel(text, label).buildings, width, height, unclassified),
          ),
      );
    },
    async nodata(pre, post) {
      // Reading 22,000 images to name their masks by content would take as long as making them.
      const stamps = await Promise.all(
        [pre, post].map(async (file) => {
          const { size, mtimeMs } = await stat(file);
          return [file, size, mtimeMs];
        }),
      );
      return cached(['nodata', stamps], async () => {
        const [before, after] = (await Promise.all([pre, post].map((file) => readTile(file)))) as [
          Raster,
          Raster,
        ];
        if (before.width !== after.width || before.height !== after.height)
          throw new Error(
            `${post}: expected ${before.width} x ${before.height} pixels as before, got ` +
              `${after.width} x ${after.height}`,
          );
        const mask = createRaster(before.width, before.height, 1);
        for (let i = 0; i < mask.data.length; i++)
          if (isNodata(before, i) || isNodata(after, i)) mask.data[i] = 255;
        return mask;
      });
    },
  };
}
