import { Random } from '@noisy-pairs/imaging';
import { expect, it } from 'vitest';
import { cellPolygons } from './cell-polygons.ts';

/** Area by the shoelace formula. */
const area = (ring: readonly [number, number][]) =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [u, v] = ring[(i + 1) % ring.length] as [number, number];
      return sum + x * v - u * y;
    }, 0),
  ) / 2;

it('two sites split the image along their bisector', () => {
  const [left, right] = cellPolygons(Float64Array.of(2, 5, 6, 5), 10);
  expect(new Set(left?.map(String))).toEqual(new Set(['0,0', '4,0', '4,10', '0,10']));
  expect(area(right ?? [])).toBeCloseTo(60, 6);
});

it('cells tile the image, and each of their corners is as near to its site as to any other', () => {
  const random = Random.from(3);
  const sites = Float64Array.from({ length: 40 }, () => random.range(0, 64));
  const polygons = cellPolygons(sites, 64);
  expect(polygons.reduce((sum, ring) => sum + area(ring ?? []), 0)).toBeCloseTo(64 * 64, 0);
  polygons.forEach((ring, i) => {
    for (const [x, y] of ring ?? []) {
      const distance = (k: number) =>
        Math.hypot(x - (sites[2 * k] ?? 0), y - (sites[2 * k + 1] ?? 0));
      for (let k = 0; k < 20; k++) expect(distance(i)).toBeLessThan(distance(k) + 0.01);
    }
  });
});
