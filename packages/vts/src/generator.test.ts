import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { createGenerator } from './generator.ts';
import type { Crop } from './layout/layout.ts';
import { completeOptions } from './options.ts';
import type { Texture, TextureSet } from './textures/texture.ts';

const random = Random.from('generator');
const grey = (name: string, width: number, height: number): Texture => ({
  name,
  width,
  height,
  pixels: Uint8Array.from({ length: width * height }, () => random.int(256)),
});
const colour = (name: string, width: number, height: number): Texture => ({
  name,
  width,
  height,
  pixels: Uint32Array.from({ length: width * height }, () => random.int(0x1000000)),
});
const setOf = (...banks: Texture[][]): TextureSet => ({
  classes: banks.slice(1).map((_, i) => `c${i}`),
  noiseClass: 'noise',
  banks: banks.map((bank) => ({ length: bank.length, get: (i) => bank[i] as Texture })),
});

/**
 * The slow way: cuts the square out as rows of pixels, mirrors it, turns it; [y][x] = [r, g, b].
 */
function cut({ width, pixels }: Texture, { x, y, turns, flip }: Crop, size: number): number[][][] {
  let square = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => {
      const value = pixels[(y + row) * width + x + column] ?? 0;
      return pixels instanceof Uint8Array
        ? [value, value, value]
        : [value & 255, (value >> 8) & 255, value >> 16];
    }),
  );
  if (flip) square = square.map((row) => row.reverse());
  // Counter-clockwise: the last column becomes the first row.
  for (let t = 0; t < turns; t++)
    square = Array.from({ length: size }, (_, row) =>
      square.map((line) => line[size - 1 - row] ?? []),
    );
  return square;
}

describe.each([
  [
    'grey',
    16,
    20,
    setOf([grey('a', 30, 20)], [grey('b', 16, 16), grey('c', 50, 17)], [grey('n', 23, 29)]),
  ],
  [
    'colour',
    16,
    20,
    setOf([colour('a', 30, 20)], [colour('b', 16, 16), colour('c', 50, 17)], [colour('n', 23, 29)]),
  ],
  [
    'both, an odd edge',
    17,
    5,
    setOf([grey('a', 30, 20)], [colour('b', 40, 17)], [grey('n', 23, 29)]),
  ],
  [
    'three classes',
    33,
    40,
    setOf([grey('a', 33, 33)], [grey('b', 40, 40)], [grey('d', 64, 64)], [colour('n', 50, 50)]),
  ],
  ['one cell', 9, 1, setOf([grey('a', 9, 9)], [grey('b', 40, 40)], [colour('n', 50, 50)])],
])('createGenerator: %s', (_, size, cells, textures) => {
  const options = completeOptions({ size, cells, imageNoise: 0.5, seed: 3, length: 100 });
  const generate = createGenerator(options, textures);
  const pixels = size * size;
  const canvas = () => ({
    clean: new Uint8Array(3 * pixels),
    noisy: new Uint8Array(3 * pixels),
    mask: new Uint8Array(pixels),
    noiseMask: new Uint8Array(pixels),
  });

  it('draws what a slow loop draws', () => {
    for (let index = 0; index < 12; index++) {
      const { clean, noisy, mask, noiseMask } = canvas();
      for (const buffer of [clean, noisy, mask, noiseMask]) buffer.fill(77); // whatever was there
      const { sites, classes, noiseOrder, noisyCells, crops } = generate(index, {
        clean,
        noisy,
        mask,
        noiseMask,
      });
      const fills = crops.map((crop, i) =>
        cut(textures.banks[i]?.get(crop.texture) as Texture, crop, size),
      );
      const noisyOnes = new Set(noiseOrder.subarray(0, noisyCells));
      const expected = canvas();
      for (let y = 0, p = 0; y < size; y++) {
        for (let x = 0; x < size; x++, p++) {
          const distances = Array.from(
            classes,
            (_, i) =>
              (x + 0.5 - (sites[2 * i] ?? 0)) ** 2 + (y + 0.5 - (sites[2 * i + 1] ?? 0)) ** 2,
          );
          const cell = distances.indexOf(Math.min(...distances));
          const label = classes[cell] ?? 0;
          expected.mask[p] = label;
          expected.noiseMask[p] = noisyOnes.has(cell) ? 255 : 0;
          expected.clean.set(fills[label]?.[y]?.[x] ?? [], 3 * p);
          expected.noisy.set(
            fills[noisyOnes.has(cell) ? fills.length - 1 : label]?.[y]?.[x] ?? [],
            3 * p,
          );
        }
      }
      expect({ clean, noisy, mask, noiseMask }).toEqual(expected);
    }
  });

  it('draws each part the same when asked for it alone', () => {
    const all = canvas();
    generate(5, all);
    for (const part of ['clean', 'noisy', 'mask', 'noiseMask'] as const) {
      const alone = canvas();
      generate(5, { [part]: alone[part] });
      expect(alone[part]).toEqual(all[part]);
    }
  });

  it('draws on memory that starts anywhere', () => {
    const all = canvas();
    generate(6, all);
    const shifted = new Uint8Array(3 * pixels + 1).subarray(1);
    generate(6, { noisy: shifted });
    expect(shifted).toEqual(all.noisy);
  });
});
