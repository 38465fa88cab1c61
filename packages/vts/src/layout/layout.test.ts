import { describe, expect, it } from 'vitest';
import { completeOptions, type VtsOptions } from '../options.ts';
import type { Texture, TextureBank, TextureSet } from '../textures/texture.ts';
import { drawLayout } from './layout.ts';

const texture: Texture = { name: 't', width: 40, height: 36, pixels: new Uint8Array(40 * 36) };
const bank: TextureBank = { length: 3, get: () => texture };
const textures = (classes: number): TextureSet => ({
  classes: Array.from({ length: classes }, (_, i) => `c${i}`),
  noiseClass: 'n',
  banks: Array.from({ length: classes + 1 }, () => bank),
});
const draw = (index: number, options: Partial<VtsOptions> = {}, classes = 2) =>
  drawLayout(
    completeOptions({ size: 32, length: 1000, seed: 1, ...options }),
    textures(classes),
    index,
  );
const indices = Array.from({ length: 200 }, (_, i) => i);

describe('drawLayout', () => {
  it('draws an image from seed, split and index alone', () => {
    const later = draw(7);
    for (const index of [0, 1, 2]) draw(index);
    expect(draw(7)).toEqual(later);
    expect(draw(7, { length: 8 })).toEqual(later);
    for (const other of [draw(8), draw(7, { seed: 2 }), draw(7, { split: 'test' })])
      expect(other.sites).not.toEqual(later.sites);
  });

  it('spreads sites over the whole image', () => {
    const sites = indices.flatMap((index) => [...draw(index).sites]);
    expect(Math.min(...sites)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sites)).toBeLessThan(32);
    const eighths = Array.from(
      { length: 8 },
      (_, i) => sites.filter((s) => Math.floor(s / 4) === i).length,
    );
    for (const count of eighths) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(875));
  });

  it.each([
    [20, 2],
    [21, 2],
    [20, 3],
    [7, 4],
    [3, 4],
    [1, 2],
  ])(
    'splits %i cells evenly between %i classes; which gets more, chance says',
    (cells, classes) => {
      const more = new Set<string>();
      for (const index of indices) {
        const { classes: labels } = draw(index, { cells }, classes);
        const counts = Array.from(
          { length: classes },
          (_, c) => labels.filter((label) => label === c).length,
        );
        expect(counts.reduce((a, b) => a + b)).toBe(cells);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        more.add(counts.join());
      }
      const rest = cells % classes;
      const ways = rest === 0 ? 1 : [[2], [3, 3], [4, 6, 4]][classes - 2]?.[rest - 1];
      expect(more.size).toBe(ways);
    },
  );

  it('assigns classes and noise to cells at random', () => {
    const first = indices.map((index) => draw(index, { imageNoise: 0.25 }));
    expect(Math.abs(first.filter(({ classes }) => classes[0] === 0).length - 100)).toBeLessThan(36);
    expect(
      Math.abs(first.filter(({ noiseOrder }) => noiseOrder.subarray(0, 5).includes(0)).length - 50),
    ).toBeLessThan(31);
  });

  it.each([
    [0, 0],
    [0.01, 0],
    [0.025, 1],
    [0.25, 5],
    [0.5, 10],
    [0.74, 15],
    [1, 20],
  ])(
    'makes exactly round(r_img * cells) cells noisy: r_img %d, %i of 20',
    (imageNoise, expected) => {
      for (const index of indices.slice(0, 20)) {
        const { noisyCells, noiseOrder } = draw(index, { imageNoise });
        expect(noisyCells).toBe(expected);
        expect(new Set(noiseOrder.subarray(0, noisyCells)).size).toBe(expected);
      }
    },
  );

  it('draws the same whatever r_img, which only adds noisy cells', () => {
    for (const index of indices.slice(0, 20)) {
      const { noisyCells, ...rest } = draw(index, { imageNoise: 0.25 });
      const { noisyCells: more, ...same } = draw(index, { imageNoise: 1 });
      expect(same).toEqual(rest);
      expect(more).toBeGreaterThan(noisyCells);
    }
  });

  it(
    'draws crops that lie in the texture and reach its corners, all turns, flips and texture ' +
      'images',
    () => {
      const crops = indices.flatMap((index) => draw(index, {}, 3).crops);
      expect(crops).toHaveLength(4 * 200);
      const seen = (value: (crop: (typeof crops)[0]) => number | boolean) =>
        [...new Set(crops.map(value))].sort((a, b) => Number(a) - Number(b));
      expect(seen(({ x }) => x)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(seen(({ y }) => y)).toEqual([0, 1, 2, 3, 4]);
      expect(seen(({ turns }) => turns)).toEqual([0, 1, 2, 3]);
      expect(seen(({ flip }) => flip)).toEqual([false, true]);
      expect(seen(({ texture: which }) => which)).toEqual([0, 1, 2]);
    },
  );
});
