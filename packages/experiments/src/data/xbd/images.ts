import { join } from 'node:path';
import type { Random } from '@noisy-pairs/imaging';
import { ignoreLabel, openSource, type LabelledSource } from '@noisy-pairs/pairs';
import { readIndex, xbdDamage, type Crop } from '@noisy-pairs/xbd';
import type { RunConfig } from '../../config.ts';
import { xbdCache, xbdCrops } from '../run-data.ts';
import type { EmbeddingImages } from '../../embedding/embedding-images.ts';

/** Damage classes of xbdDamage: background, no damage, then worse. */
const intact = 1;

/**
 * Images after the disaster, of held-out crops with buildings: as many without damage as with
 * enough to be noisy, as far as there are. Both kinds are images after, so that the date tells
 * nothing. Crops of one tile are a group.
 * @throws if there are none
 */
export async function xbdImages(
  data: Extract<RunConfig['data'], { kind: 'xbd' }>,
  imageNoise: number,
  points: number,
  random: Random,
): Promise<EmbeddingImages> {
  const { size, testSplits, leastBuilding } = data;
  const index = await readIndex(data.index);
  const { pairs, crops } = await xbdCrops(index, data, 'test', imageNoise, 0);
  const built = crops.filter(({ counts }) => counts.building >= leastBuilding * counts.pixels);
  const of = (kind: Crop['kind']) =>
    random.split(kind).shuffle(built.filter((crop) => crop.kind === kind));
  const [clean, noisy] = [of('clean'), of('noisy')];
  const half = Math.ceil(points / 2);
  const chosen = random
    .split('order')
    .shuffle([
      ...clean.slice(0, Math.max(half, points - noisy.length)),
      ...noisy.slice(0, Math.max(points - half, points - clean.length)),
    ]);
  if (chosen.length === 0)
    throw new Error(
      `data: expected crops of ${size} px with buildings in the split ${testSplits.join(', ')} ` +
        `of ${data.index}, got none`,
    );
  const source = await openSource<LabelledSource>(
    xbdDamage({ root: index.root, pairs, crops: chosen, size, masks: join(xbdCache(), 'masks') }),
  );
  return {
    size,
    length: chosen.length,
    about:
      `${chosen.length} held-out crops with buildings, as they look after the disaster. A crop ` +
      `is damaged if ${imageNoise > 0 ? `a share of ${imageNoise} or more` : 'any'} of its ` +
      `building pixels is; ${chosen.filter(({ kind }) => kind === 'noisy').length} are.`,
    image: {
      class: { kind: 'share', title: 'By class: share of building pixels', of: 'building' },
      noise: { kind: 'names', title: 'By damage', names: ['no damage', 'damaged'] },
    },
    pixel: {
      class: { kind: 'names', title: 'By class', names: ['building', 'background'] },
      noise: { kind: 'names', title: 'By damage', names: ['no damage', 'damaged'] },
    },
    async read(at, image) {
      const both = new Uint8Array(2 * size * size * 3),
        // before and after; of this call, as several may be under way
        damage = new Uint8Array(size * size);
      await source.read(at, both, damage);
      image.set(both.subarray(size * size * 3));
      const by = (label: (value: number) => number) =>
        damage.map((value) => (value === ignoreLabel ? ignoreLabel : label(value)));
      const { pair, kind } = chosen[at] as Crop;
      const known = damage.filter((value) => value !== ignoreLabel);
      return {
        group: pair,
        class: known.filter((value) => value >= intact).length / known.length,
        noise: kind === 'noisy' ? 1 : 0,
        pixels: {
          classes: by((value) => (value >= intact ? 0 : 1)),
          noise: by((value) => (value > intact ? 1 : 0)),
        },
      };
    },
  };
}
