import { Random } from '@noisy-pairs/imaging';
import type { LabelledSource } from '@noisy-pairs/pairs';
import { describe, expect, it } from 'vitest';
import { labelledReader } from './labelled-images.ts';
import { flip } from './move-pixels.ts';

/** Pixel (y, x) is [index, y, x], its class (y + x) % 2. */
const source: LabelledSource = {
  name: 'ramp',
  size: 4,
  length: 3,
  classes: ['even', 'odd'],
  read(index, image, mask) {
    for (let i = 0; i < 16; i++) {
      image.set([index, i >> 2, i & 3], i * 3);
      mask[i] = ((i >> 2) + (i & 3)) % 2;
    }
  },
};

describe('labelled images', () => {
  it('come with their masks, as bytes and as a step takes them', async () => {
    const reader = labelledReader(source);
    const { images, masks, inputs } = await reader.read([2, 0]);
    expect([images[0], images[48]]).toEqual([2, 0]);
    expect(reader.specs(2)).toEqual({
      images: { shape: [2, 4, 4, 3], dtype: 'uint8' },
      labels: { shape: [32], dtype: 'int32' },
    });
    expect(inputs).toEqual({ images, labels: Int32Array.from(masks) });
  });

  it('flip together with their masks', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { images, masks } = await labelledReader(source).read([1], Random.from(seed));
      seen.add(`${images[1] ?? ''}${images[2] ?? ''}`);
      for (let i = 0; i < 16; i++)
        expect(masks[i]).toBe(((images[i * 3 + 1] ?? 0) + (images[i * 3 + 2] ?? 0)) % 2);
    }
    expect([...seen].sort()).toEqual(['00', '03', '30', '33']); // the corner that comes first
  });

  it('flip in place', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    flip(pixels, 3, 1, true, false);
    expect([...pixels]).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7]);
    flip(pixels, 3, 1, false, true);
    expect([...pixels]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('must not have a class that the source does not name', async () => {
    const wrong = { ...source, classes: ['even'] };
    await expect(labelledReader(wrong).read([0])).rejects.toThrow(
      'ramp: expected class ids below 1 or 255 in mask 0, got 1',
    );
  });
});
