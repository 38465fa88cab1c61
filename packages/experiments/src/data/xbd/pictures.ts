import { join } from 'node:path';
import { readTile } from '@noisy-pairs/geo';
import { createRaster, type Raster } from '@noisy-pairs/imaging';
import { greyClasses, picture, type Picture } from '@noisy-pairs/pages';
import { openMaskCache, readIndex, type Crop, type XbdPair } from '@noisy-pairs/xbd';
import { xbdCrops, xbdMasks } from './crops.ts';
import type { XbdData } from './schema.ts';

/** Background, no damage, and three degrees of it; what lies above is un-classified. */
const lastClass = 4;

/** A row a crop, one clean and the others noisy: before, after, and the damage. */
export async function xbdPictures(
  data: XbdData,
  levels: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const index = await readIndex(data.index);
  const { pairs, crops } = await xbdCrops(index, data, 'train', levels[0] ?? 0, 0);
  const busiest = (tag: Crop['tag'], count: number) =>
    crops
      .filter((crop) => crop.tag === tag)
      .sort((a, b) => b.counts.building - a.counts.building)
      .slice(0, count);
  const pictures: Picture[][] = [];
  for (const crop of [...busiest('clean', 1), ...busiest('noisy', rows - 1)])
    pictures.push(await cropPictures(index.root, pairs[crop.pair] as XbdPair, crop));
  return pictures;
}

async function cropPictures(root: string, pair: XbdPair, crop: Crop): Promise<Picture[]> {
  const masks = openMaskCache(xbdMasks());
  const [before, after, mask] = await Promise.all([
    readTile(join(root, pair.pre), crop.window),
    readTile(join(root, pair.post), crop.window),
    masks.damage(join(root, pair.postLabel), pair.width, pair.height),
  ]);
  const damage = Math.round(100 * crop.noise);
  return [
    await picture(`${crop.tag}: before`, before),
    await picture('after', after),
    await picture(
      `damage, ${damage} % of building pixels`,
      greyClasses(damageIn(mask, crop.window), lastClass + 1),
    ),
  ];
}

/** The classes of damage in a square window of a tile's mask. */
function damageIn(mask: Raster, { x, y, width }: Crop['window']): Raster {
  const window = createRaster(width, width, 1);
  window.data.forEach((_, i) => {
    const row = y + Math.floor(i / width);
    const column = x + (i % width);
    window.data[i] = Math.min(lastClass, mask.data[row * mask.width + column] as number);
  });
  return window;
}
