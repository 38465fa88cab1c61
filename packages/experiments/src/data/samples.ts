import { join } from 'node:path';
import { cifar10Classes, cifar10Pairs } from '@noisy-pairs/cifar10';
import { createRaster, encodePng, type Raster } from '@noisy-pairs/imaging';
import { openSource, type PairSource } from '@noisy-pairs/pairs';
import { completeOptions, createGenerator, openTextures } from '@noisy-pairs/vts';
import { openMaskCache, readIndex, readTile, type Crop, type XbdPair } from '@noisy-pairs/xbd';
import type { Panel, RunConfig } from '../config.ts';
import { xbdCache, xbdCrops } from './run-data.ts';

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
  return createRaster(
    mask.width,
    mask.height,
    1,
    mask.data.map((label) => Math.round((255 * label) / Math.max(1, classes - 1))),
  );
}

type Data<Kind extends RunConfig['data']['kind']> = Extract<RunConfig['data'], { kind: Kind }>;

/** Rows of sample images as a panel's runs of seed 0 see them. */
export async function samplePictures(
  { base: { data }, imageNoises }: Panel,
  rows: number,
): Promise<Picture[][]> {
  switch (data.kind) {
    case 'vts':
      return vtsPictures(data, imageNoises, rows);
    case 'xbd':
      return xbdPictures(data, imageNoises, rows);
    case 'cifar10':
      return cifar10Pictures(data, imageNoises, rows);
  }
}

/** Images, each with its partner by labels of which more and more are wrong. */
async function cifar10Pictures(
  { dir, pairs, size }: Data<'cifar10'>,
  imageNoises: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const pictures: Picture[][] = Array.from({ length: Math.min(rows, pairs) }, () => []);
  for (const mislabelled of imageNoises) {
    const source = await openSource<PairSource>(
      cifar10Pairs({ dir, split: 'train', seed: 0, limit: pairs, mislabelled }),
    );
    for (const [index, row] of pictures.entries()) {
      const [first, second] = [createRaster(size, size, 3), createRaster(size, size, 3)];
      await source.read(index, true, first.data, second.data);
      const [one, other] = (source.classesOf?.(index, true) ?? []).map(
        (id) => cifar10Classes[id] ?? '?',
      );
      if (row.length === 0) row.push({ caption: one ?? '?', uri: await pngUri(first) });
      row.push({
        caption: `${mislabelled} mislabelled: ${other ?? '?'}${one === other ? '' : ' (false)'}`,
        uri: await pngUri(second),
      });
    }
  }
  return pictures;
}

/** Noise-free, a noisy version for each r_img, the mask. */
async function vtsPictures(
  data: Data<'vts'>,
  imageNoises: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const shared = {
    size: data.size,
    cells: data.cells,
    seed: 0,
    length: data.pairs,
    textures: data.textures,
    split: 'pretrain',
  };
  const textures = await openTextures(completeOptions(shared));
  const pictures: Picture[][] = [];
  for (let index = 0; index < Math.min(rows, data.pairs); index++) {
    const image = () => createRaster(data.size, data.size, 3);
    const clean = image(),
      mask = createRaster(data.size, data.size, 1);
    createGenerator(completeOptions(shared), textures)(index, {
      clean: clean.data,
      mask: mask.data,
    });
    const row: Picture[] = [{ caption: 'noise-free', uri: await pngUri(clean) }];
    for (const imageNoise of imageNoises) {
      const noisy = image();
      createGenerator(completeOptions({ ...shared, imageNoise }), textures)(index, {
        noisy: noisy.data,
      });
      row.push({ caption: `r_img ${imageNoise}`, uri: await pngUri(noisy) });
    }
    row.push({ caption: 'mask', uri: await pngUri(spread(mask, textures.classes.length)) });
    pictures.push(row);
  }
  return pictures;
}

/** A clean crop, and noisy ones: before, after, and the damage. */
async function xbdPictures(
  data: Data<'xbd'>,
  imageNoises: readonly number[],
  rows: number,
): Promise<Picture[][]> {
  const index = await readIndex(data.index);
  const { pairs, crops } = await xbdCrops(index, data, 'train', imageNoises[0] ?? 0, 0);
  const masks = openMaskCache(join(xbdCache(), 'masks'));
  const busiest = (kind: Crop['kind'], count: number) =>
    crops
      .filter((crop) => crop.kind === kind)
      .sort((a, b) => b.counts.building - a.counts.building)
      .slice(0, count);
  const pictures: Picture[][] = [];
  for (const crop of [...busiest('clean', 1), ...busiest('noisy', rows - 1)]) {
    const pair = pairs[crop.pair] as XbdPair;
    const [before, after, mask] = await Promise.all([
      readTile(join(index.root, pair.pre), crop.window),
      readTile(join(index.root, pair.post), crop.window),
      masks.damage(join(index.root, pair.postLabel), pair.width, pair.height),
    ]);
    const { x, y, width } = crop.window;
    const damage = createRaster(
      width,
      width,
      1,
      Uint8Array.from({ length: width * width }, (_, i) =>
        Math.min(
          4,
          mask.data[(y + Math.floor(i / width)) * mask.width + x + (i % width)] as number,
        ),
      ),
    );
    pictures.push([
      { caption: `${crop.kind}: before`, uri: await pngUri(before) },
      { caption: 'after', uri: await pngUri(after) },
      {
        caption: `damage, ${Math.round(100 * crop.noise)} % of building pixels`,
        uri: await pngUri(spread(damage, 5)),
      },
    ]);
  }
  return pictures;
}
