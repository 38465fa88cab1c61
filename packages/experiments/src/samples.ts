import { createRaster, encodePng, type Raster } from '@noisy-pairs/imaging';
import { completeOptions, createGenerator, openTextures } from '@noisy-pairs/vts';
import type { SweepConfig } from './config.ts';

/** A picture as a data URI, and what it shows. */
export interface Picture {
  readonly caption: string;
  readonly uri: string;
}

export async function pngUri(raster: Raster): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(raster)).toString('base64')}`;
}

/** Class ids spread over the greys. */
function spread(mask: Raster, classes: number): Raster {
  return createRaster(mask.width, mask.height, 1, mask.data.map((label) => Math.round((255 * label) / Math.max(1, classes - 1))));
}

/** Rows of sample images as runs of seed 0 see them: noise-free, a noisy version for each r_img, the mask. */
export async function samplePictures({ base: { data }, imageNoises }: SweepConfig, rows: number): Promise<Picture[][]> {
  const shared = { size: data.size, cells: data.cells, seed: 0, length: data.pairs, textures: data.textures, split: 'pretrain' };
  const textures = await openTextures(completeOptions(shared));
  const pictures: Picture[][] = [];
  for (let index = 0; index < Math.min(rows, data.pairs); index++) {
    const image = () => createRaster(data.size, data.size, 3);
    const clean = image(), mask = createRaster(data.size, data.size, 1);
    createGenerator(completeOptions(shared), textures)(index, { clean: clean.data, mask: mask.data });
    const row: Picture[] = [{ caption: 'noise-free', uri: await pngUri(clean) }];
    for (const imageNoise of imageNoises) {
      const noisy = image();
      createGenerator(completeOptions({ ...shared, imageNoise }), textures)(index, { noisy: noisy.data });
      row.push({ caption: `r_img ${imageNoise}`, uri: await pngUri(noisy) });
    }
    row.push({ caption: 'mask', uri: await pngUri(spread(mask, textures.classes.length)) });
    pictures.push(row);
  }
  return pictures;
}
