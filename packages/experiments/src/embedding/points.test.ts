import { positionClasses } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import { ignoreLabel } from '@noisy-pairs/pairs';
import type { FeatureMaps, ImageSequence } from '@noisy-pairs/training';
import { expect, test } from 'vitest';
import type { EmbeddingImages } from '../data/embedding-images.ts';
import { collectPoints } from './points.ts';

const maskOf = (size: number, random: Random, labels: readonly number[]) =>
  Uint8Array.from({ length: size * size }, () => labels[random.int(labels.length)] as number);

const size = 6;
const placement = { stride: 3, offset: 1 };
const channels = 2;
const length = 5;
const masks = Array.from({ length }, (_, i) =>
  maskOf(size, Random.from(i), [0, 0, 1, ignoreLabel]),
);
const noise = Array.from({ length }, (_, i) => maskOf(size, Random.from(100 + i), [0, 1]));
const images: EmbeddingImages = {
  size,
  length,
  about: '',
  image: { class: { type: 'share', title: '', of: '' } },
  pixel: { class: { type: 'names', title: '', names: ['a', 'b'] } },
  read: (index) => ({
    group: index >> 1,
    class: index / 10,
    noise: index % 2,
    pixels: { classes: masks[index] as Uint8Array, noise: noise[index] as Uint8Array },
  }),
};
/** Feature c of cell k of image i is 100 i + 10 k + c: every vector says whose it is. */
async function* maps(sequence: ImageSequence): AsyncGenerator<FeatureMaps> {
  for (let start = 0; start < sequence.length; start += 2) {
    const batch = Math.min(2, sequence.length - start);
    for (let i = 0; i < batch; i++) await sequence.read(start + i, new Uint8Array(size * size * 3));
    yield {
      start,
      count: batch,
      height: 2,
      width: 2,
      channels,
      data: Float32Array.from(
        { length: batch * 4 * channels },
        (_, i) => 100 * (start + Math.floor(i / 8)) + 10 * (Math.floor(i / 2) % 4) + (i % 2),
      ),
    };
  }
}
const collect = (positions: number, seed = 0) =>
  collectPoints({ images, maps, placement, positions, random: Random.from(seed) });

test('pooled features are the means over each map, with the labels of their image', async () => {
  const { pooled } = await collect(100);
  expect([...pooled.features]).toEqual([15, 16, 115, 116, 215, 216, 315, 316, 415, 416]);
  expect([...pooled.groups]).toEqual([0, 0, 1, 1, 2]);
  expect([...pooled.classes]).toEqual([...Float32Array.of(0, 0.1, 0.2, 0.3, 0.4)]);
  expect([...pooled.noise]).toEqual([0, 1, 0, 1, 0]);
});

test(
  'points of positions carry the features and labels of their own; all are taken where they are ' +
    'few',
  async () => {
    const { positions } = await collect(100);
    const count = positions?.images.length ?? 0;
    expect(new Set(Array.from({ length: count }, (_, i) => positions?.features[2 * i])).size).toBe(
      20,
    );
    for (let i = 0; i < count; i++) {
      const feature = positions?.features[2 * i] as number;
      const image = Math.floor(feature / 100);
      const position = (feature % 100) / 10;
      const label = (mask: Uint8Array) => positionClasses(mask, size, placement)[position];
      expect([positions?.images[i], positions?.groups[i], positions?.features[2 * i + 1]]).toEqual([
        image,
        image >> 1,
        feature + 1,
      ]);
      const ofClass = label(masks[image] as Uint8Array);
      expect([positions?.classes[i], positions?.noise[i]]).toEqual([
        ofClass === ignoreLabel ? NaN : ofClass,
        label(noise[image] as Uint8Array),
      ]);
    }
  },
);

test('fewer positions are drawn by the seed', async () => {
  const [a, b, c] = await Promise.all([collect(7), collect(7), collect(7, 1)]);
  expect(a.positions?.images.length).toBe(7);
  expect(b).toEqual(a);
  expect(c.positions).not.toEqual(a.positions);
});
