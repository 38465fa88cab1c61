import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { resnet } from '@noisy-pairs/models';
import { ignoreLabel, openSource, type LabelledSource, type PairSource } from '@noisy-pairs/pairs';
import { featureMaps } from '@noisy-pairs/training';
import { vtsPairs } from '@noisy-pairs/vts';
import { expect, test } from 'vitest';
import type { RunConfig } from '../config/run-config.ts';
import { cifar10Smoke } from '../recipes/cifar10/smoke.ts';
import { smoke } from '../recipes/vts/smoke.ts';
import { kindOf } from '../data/data-config.ts';
import { openRunData } from '../data/open-data.ts';
import { embeddingSections } from './sections.ts';

const {
  recipe,
  panels: [{ base } = expect.fail()],
} = smoke();
const runOf = (imageNoise: number): RunConfig => ({
  recipe,
  filter: 'none',
  ...base,
  kind: 'pretrained',
  seed: 3,
  imageNoise,
  noisyShare: imageNoise > 0 ? 1 : 0,
});

test.each([
  [0.25, 0.25],
  [0, 0.5],
  [1, 1],
])(
  'VTS of a run of r_img %d: the test images and, of r_img %d, what the pair source makes ' +
    'noisy of them',
  async (runNoise, shownNoise) => {
    const config = runOf(runNoise),
      { data } = config;
    if (data.kind !== 'vts') throw new Error('expected VTS');
    const { size } = data,
      bytes = size * size * 3;
    const images = await kindOf(data).images(data, config, 11, Random.from(0));
    expect([images.size, images.length]).toEqual([size, 12]);
    expect(images.about).toContain(`r_img = ${shownNoise} `);
    expect(images.about.includes('no noise of its own')).toBe(runNoise === 0);
    const { labelled = expect.fail() } = await openRunData(config);
    const test = await openSource<LabelledSource>(labelled.test);
    const pairs = await openSource<PairSource>(
      vtsPairs({
        size,
        cells: data.cells,
        textures: data.textures,
        imageNoise: shownNoise,
        seed: 3,
        length: 6,
        split: 'test',
      }),
    );
    for (let i = 0; i < 6; i++) {
      const [clean, noisy, tested, shown] = Array.from(
        { length: 4 },
        () => new Uint8Array(bytes),
      ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const mask = new Uint8Array(size * size);
      await pairs.read(i, true, clean, noisy);
      await test.read(i, tested, mask);

      const free = await images.read(2 * i, shown);
      expect(shown).toEqual(tested);
      expect(shown).toEqual(clean);
      expect([free.group, free.noise, free.pixels?.noise.every((value) => value === 0)]).toEqual([
        i,
        0,
        true,
      ]);
      expect(free.pixels?.classes).toEqual(mask);
      expect(free.class).toBe(mask.filter((label) => label === 0).length / mask.length);

      const { group, noise, class: share, pixels } = await images.read(2 * i + 1, shown);
      expect(shown).toEqual(noisy);
      expect([group, noise]).toEqual([i, 1]);
      const covered = [...mask.keys()].filter((at) => pixels?.noise[at] === 1),
        seen = [...mask.keys()].filter((at) => pixels?.noise[at] === 0);
      expect(covered.length + seen.length).toBe(mask.length);
      for (const at of covered) expect(pixels?.classes[at]).toBe(ignoreLabel);
      for (const at of seen)
        expect([pixels?.classes[at], shown[3 * at]]).toEqual([mask[at], clean[3 * at]]);
      expect(covered.filter((at) => shown[3 * at] !== clean[3 * at]).length).toBeGreaterThan(
        0.8 * covered.length,
      ); // two textures agree in a grey level now and then
      expect(share).toBe(seen.filter((at) => mask[at] === 0).length / seen.length);
    }
  },
);

test('CIFAR-10: test images by class, in one plot, as there is nothing else to tell', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cifar-'));
  const records = Array.from({ length: 60 }, (_, i) => {
    const random = Random.from(i),
      label = (7 * i) % 10;
    // a brightness a class
    return Buffer.from([label, ...Array.from({ length: 3072 }, () => 20 * label + random.int(50))]);
  });
  writeFileSync(join(dir, 'test_batch.bin'), Buffer.concat(records));
  const data = cifar10Smoke().panels[0]?.base.data;
  if (data?.kind !== 'cifar10') throw new Error('expected CIFAR-10');
  const images = await kindOf(data).images(
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
  const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2] }),
    weights = encoder.init(Random.from(0));
  const sections = await embeddingSections({
    images,
    stride: encoder.outputStride,
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
