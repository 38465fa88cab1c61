import { describe, expect, it } from 'vitest';
import { createRaster, toRgb } from './raster.ts';

describe('createRaster', () => {
  it('allocates black, and wraps without a copy', () => {
    expect(createRaster(2, 3, 4).data).toEqual(new Uint8Array(24));
    const data = new Uint8Array(6);
    expect(createRaster(2, 1, 3, data).data).toBe(data);
  });

  it('refuses sides and lengths that cannot be', () => {
    expect(() => createRaster(0, 3, 1)).toThrow(
      'raster width: expected a positive whole number, got 0',
    );
    expect(() => createRaster(3, 1.5, 1)).toThrow(
      'raster height: expected a positive whole number, got 1.5',
    );
    expect(() => createRaster(2, 2, 3, new Uint8Array(11))).toThrow(
      'raster data: expected 12 bytes for 2 x 2 x 3, got 11',
    );
  });
});

describe('toRgb', () => {
  it('repeats grey, drops alpha, and returns RGB as it is', () => {
    expect(toRgb(createRaster(2, 1, 1, Uint8Array.of(5, 9)))).toEqual(
      createRaster(2, 1, 3, Uint8Array.of(5, 5, 5, 9, 9, 9)),
    );
    expect(toRgb(createRaster(2, 1, 4, Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255)))).toEqual(
      createRaster(2, 1, 3, Uint8Array.of(1, 2, 3, 4, 5, 6)),
    );
    const rgb = createRaster(1, 1, 3);
    expect(toRgb(rgb)).toBe(rgb);
  });
});
