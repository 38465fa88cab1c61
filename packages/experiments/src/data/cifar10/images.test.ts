import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { resnet } from '@noisy-pairs/models';
import { featureMaps } from '@noisy-pairs/training';
import { expect, test } from 'vitest';
import { embeddingSections } from '../../embedding/sections.ts';
import { cifar10Smoke } from '../../recipes/cifar10/smoke.ts';
import { cifar10 } from './cifar10.ts';

test('test images by class, in one plot, as there is nothing else to tell', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cifar-'));
  const records = Array.from({ length: 60 }, (_, i) => {
    const random = Random.from(i);
    const label = (7 * i) % 10;
    // a brightness a class
    return Buffer.from([label, ...Array.from({ length: 3072 }, () => 20 * label + random.int(50))]);
  });
  writeFileSync(join(dir, 'test_batch.bin'), Buffer.concat(records));
  const data = cifar10Smoke().panels[0]?.base.data;
  if (data?.kind !== 'cifar10') throw new Error('expected CIFAR-10');
  const images = await cifar10.images(
    { ...data, dir },
    { imageNoise: 0.5, seed: 0 },
    40,
    Random.from(0),
  );
  expect([images.size, images.length, images.pixel, images.image.noise]).toEqual([
    32,
    40,
    undefined,
    undefined,
  ]);
  const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2] });
  const weights = encoder.init(Random.from(0));
  const sections = await embeddingSections({
    images,
    placement: encoder.placement,
    positions: 40,
    neighbours: 5,
    minDistance: 0.1,
    random: Random.from(0),
    maps: (sequence) =>
      featureMaps({
        encoder,
        weights,
        images: sequence,
        normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      }),
  });
  disposeAll(weights.params);
  disposeAll(weights.stats);
  expect(sections.map(({ plots, pictures }) => [plots.length, pictures.length])).toEqual([[1, 10]]);
  const [plot] = sections[0]?.plots ?? [];
  expect(plot?.colouring.names.map(({ name }) => name)).toContain('horse');
  expect(new Set(plot?.colouring.colours).size).toBe(10);
  expect(plot?.score).toMatchObject({ chance: 0.1, points: 40 });
  expect(sections[0]?.pictures.every(({ caption }) => /^\d+: [a-z]+$/.test(caption))).toBe(true);
});
