import { Random } from '@noisy-pairs/imaging';
import { ignoreLabel, openSource, type LabelledSource, type PairSource } from '@noisy-pairs/pairs';
import { vtsPairs } from '@noisy-pairs/vts';
import { expect, test } from 'vitest';
import type { RunConfig } from '../../config/run-config.ts';
import { smoke } from '../../recipes/vts/smoke.ts';
import { openRunData } from '../open-data.ts';
import { vts } from './vts.ts';

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
  'images of a run of r_img %d: the test images and, of r_img %d, what the pair source makes ' +
    'noisy of them',
  async (runNoise, shownNoise) => {
    const config = runOf(runNoise);
    const { data } = config;
    if (data.kind !== 'vts') throw new Error('expected VTS');
    const { size } = data;
    const bytes = size * size * 3;
    const images = await vts.images(data, config, 11, Random.from(0));
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
      const covered = [...mask.keys()].filter((at) => pixels?.noise[at] === 1);
      const seen = [...mask.keys()].filter((at) => pixels?.noise[at] === 0);
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
