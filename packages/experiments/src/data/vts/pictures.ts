import { createRaster } from '@noisy-pairs/imaging';
import { greyClasses, picture, type Picture } from '@noisy-pairs/pages';
import { completeOptions, createGenerator, openTextures } from '@noisy-pairs/vts';
import type { VtsData } from './schema.ts';

/** A row an image: noise-free, a noisy version for each r_img, the mask. */
export async function vtsPictures(
  { size, cells, textures: textureOptions, pairs }: VtsData,
  levels: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const shared = {
    size,
    cells,
    seed: 0,
    length: pairs,
    textures: textureOptions,
    split: 'pretrain',
  };
  const textures = await openTextures(completeOptions(shared));
  const generator = (imageNoise?: number) =>
    createGenerator(
      completeOptions({ ...shared, ...(imageNoise === undefined ? {} : { imageNoise }) }),
      textures,
    );
  const pictures: Picture[][] = [];
  for (let index = 0; index < Math.min(rows, pairs); index++) {
    const clean = createRaster(size, size, 3);
    const mask = createRaster(size, size, 1);
    generator()(index, { clean: clean.data, mask: mask.data });
    const row = [await picture('noise-free', clean)];
    for (const level of levels) {
      const noisy = createRaster(size, size, 3);
      generator(level)(index, { noisy: noisy.data });
      row.push(await picture(`r_img ${level}`, noisy));
    }
    row.push(await picture('mask', greyClasses(mask, textures.classes.length)));
    pictures.push(row);
  }
  return pictures;
}
