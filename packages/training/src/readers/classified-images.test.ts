import { Random } from '@noisy-pairs/imaging';
import type { ClassifiedSource } from '@noisy-pairs/pairs';
import { describe, expect, it } from 'vitest';
import { classifiedReader } from './classified-images.ts';
import { shift } from './move-pixels.ts';

/** Pixel (y, x) is [index + 1, y, x]; the class is the index. */
const source: ClassifiedSource = {
  name: 'ramp',
  size: 8,
  length: 3,
  classes: ['a', 'b', 'c'],
  read(index, image) {
    for (let i = 0; i < 64; i++) image.set([index + 1, i >> 3, i & 7], i * 3);
    return index;
  },
};

describe('classified images', () => {
  it('come with their classes, as a step takes them', async () => {
    const reader = classifiedReader(source);
    const { inputs } = await reader.read([2, 0]);
    expect(inputs.labels).toEqual(Int32Array.of(2, 0));
    const images = inputs.images;
    expect([images[0], images[192], images.length]).toEqual([3, 1, 384]);
    expect(reader.specs(2)).toEqual({
      images: { shape: [2, 8, 8, 3], dtype: 'uint8' },
      labels: { shape: [2], dtype: 'int32' },
    });
  });

  it(
    'are flipped left to right and shifted by up to an eighth, ' + 'black where nothing was',
    async () => {
      const seen = new Set<string>();
      for (let seed = 0; seed < 200; seed++) {
        const { inputs } = await classifiedReader(source).read([1], Random.from(seed));
        const image = inputs.images;
        // Pixel (y, x) of the result is pixel (y - down, x - right) of the image, flipped or not:
        // found from the middle.
        const at = (y: number, x: number) => [
          ...image.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3),
        ];
        const [, y0 = NaN, x0 = NaN] = at(4, 4),
          [, , x1 = NaN] = at(4, 5);
        const step = x1 - x0,
          down = 4 - y0,
          right = step === 1 ? 4 - x0 : 4 - (7 - x0);
        expect(Math.abs(step)).toBe(1);
        for (let y = 0; y < 8; y++)
          for (let x = 0; x < 8; x++) {
            const [fromY, fromX] = [y - down, x - right];
            const inside = fromY >= 0 && fromY < 8 && fromX >= 0 && fromX < 8;
            expect(at(y, x)).toEqual(
              inside ? [2, fromY, step === 1 ? fromX : 7 - fromX] : [0, 0, 0],
            );
          }
        seen.add(`${step} ${right} ${down}`);
      }
      expect(seen.size).toBe(2 * 3 * 3);
    },
  );

  it('shift beyond the edge is black all over', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4);
    shift(pixels, 2, 1, 2, 0);
    expect([...pixels]).toEqual([0, 0, 0, 0]);
  });

  it('must not have a class that the source does not name', async () => {
    await expect(classifiedReader({ ...source, classes: ['a'] }).read([0, 1])).rejects.toThrow(
      'ramp: expected a class id below 1 for image 1, got 1',
    );
  });
});
