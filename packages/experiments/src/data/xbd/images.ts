import type { Random } from '@noisy-pairs/imaging';
import { ignoreLabel, openSource, type LabelledSource } from '@noisy-pairs/pairs';
import { readIndex, xbdDamage, type Crop } from '@noisy-pairs/xbd';
import type { EmbeddingImages, ImageLabels } from '../embedding-images.ts';
import type { ImagesRun } from '../kind.ts';
import { isBuilt, xbdCrops, xbdMasks } from './crops.ts';
import type { XbdData } from './schema.ts';

/** Damage classes of xbdDamage: background, no damage, then worse. */
const intact = 1;

/**
 * Images after the disaster, of held-out crops with buildings: as many without damage as with
 * enough to be noisy, as far as there are. Both kinds are images after, so that the date tells
 * nothing. Crops of one tile are a group.
 * @throws if there are none
 */
export async function xbdImages(
  data: XbdData,
  { imageNoise }: ImagesRun,
  points: number,
  random: Random,
): Promise<EmbeddingImages> {
  const { size, testSplits } = data;
  const index = await readIndex(data.index);
  const { pairs, crops } = await xbdCrops(index, data, 'test', imageNoise, 0);
  const built = crops.filter((crop) => isBuilt(crop, data));
  const chosen = halfNoisy(built, points, random);
  if (chosen.length === 0)
    throw new Error(
      `data: expected crops of ${size} px with buildings in the split ${testSplits.join(', ')} ` +
        `of ${data.index}, got none`,
    );
  const source = await openSource<LabelledSource>(
    xbdDamage({ root: index.root, pairs, crops: chosen, size, masks: xbdMasks() }),
  );
  return {
    size,
    length: chosen.length,
    about:
      `${chosen.length} held-out crops with buildings, as they look after the disaster. A crop ` +
      `is damaged if ${imageNoise > 0 ? `a share of ${imageNoise} or more` : 'any'} of its ` +
      `building pixels is; ${chosen.filter(isNoisy).length} are.`,
    image: {
      class: { type: 'share', title: 'By class: share of building pixels', of: 'building' },
      noise: { type: 'names', title: 'By damage', names: ['no damage', 'damaged'] },
    },
    pixel: {
      class: { type: 'names', title: 'By class', names: ['building', 'background'] },
      noise: { type: 'names', title: 'By damage', names: ['no damage', 'damaged'] },
    },
    async read(at, image) {
      // before and after; made here, as several calls may be under way
      const both = new Uint8Array(2 * size * size * 3);
      const damage = new Uint8Array(size * size);
      await source.read(at, both, damage);
      image.set(both.subarray(size * size * 3));
      return damageLabels(chosen[at] as Crop, damage);
    },
  };
}

const isNoisy = ({ tag }: Crop) => tag === 'noisy';

/** As many clean crops as noisy ones, as far as there are, in an order drawn anew. */
function halfNoisy(crops: readonly Crop[], points: number, random: Random): Crop[] {
  const of = (tag: Crop['tag']) =>
    random.split(tag).shuffle(crops.filter((crop) => crop.tag === tag));
  const clean = of('clean');
  const noisy = of('noisy');
  const half = Math.ceil(points / 2);
  return random
    .split('order')
    .shuffle([
      ...clean.slice(0, Math.max(half, points - noisy.length)),
      ...noisy.slice(0, Math.max(points - half, points - clean.length)),
    ]);
}

/** Labels of a crop by the classes of damage of its pixels. */
function damageLabels(crop: Crop, damage: Uint8Array): ImageLabels {
  const by = (label: (value: number) => number) =>
    damage.map((value) => (value === ignoreLabel ? ignoreLabel : label(value)));
  const known = damage.filter((value) => value !== ignoreLabel);
  return {
    group: crop.pair,
    class: known.filter((value) => value >= intact).length / known.length,
    noise: isNoisy(crop) ? 1 : 0,
    pixels: {
      classes: by((value) => (value >= intact ? 0 : 1)),
      noise: by((value) => (value > intact ? 1 : 0)),
    },
  };
}
