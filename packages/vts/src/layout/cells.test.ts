import { Random } from '@noisy-pairs/imaging';
import { Delaunay } from 'd3-delaunay';
import { describe, expect, it } from 'vitest';
import { STEPS, voronoiScanner, type Spans } from './cells.ts';

/** The slow way: every site for every pixel; on the lattice these distances are exact. */
function bySearch(sites: Float64Array, size: number): Uint16Array {
  const owners = new Uint16Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let nearest = Infinity;
      for (let i = 0; i < sites.length / 2; i++) {
        const distance =
          (x + 0.5 - (sites[2 * i] ?? 0)) ** 2 + (y + 0.5 - (sites[2 * i + 1] ?? 0)) ** 2;
        if (distance < nearest) {
          nearest = distance;
          owners[y * size + x] = i;
        }
      }
    }
  }
  return owners;
}

function bySpans({ count, starts, cells }: Spans, size: number): Uint16Array {
  const owners = new Uint16Array(size * size).fill(65535);
  for (let k = 0; k < count; k++) owners.fill(cells[k] ?? 0, starts[k], starts[k + 1]);
  return owners;
}

const random = Random.from('cells');
const anywhere = (size: number) => random.int(size * STEPS) / STEPS;
const lattice = (value: number) => Math.round(value * STEPS) / STEPS;
/** x and y of the sites of an image, given its size and the number of the site. */
const kinds: Record<string, (size: number, i: number, n: number) => [number, number]> = {
  anywhere: (size) => [anywhere(size), anywhere(size)],
  'at pixel corners (many ties)': (size) => [random.int(size), random.int(size)],
  'at pixel centres (many ties)': (size) => [random.int(size) + 0.5, random.int(size) + 0.5],
  'on a grid (four equally near at corners)': (_, i) => [4 * (i % 5), 4 * Math.floor(i / 5)],
  'on a vertical line': (size) => [lattice(size / 3), anywhere(size)],
  'on a horizontal line': (size) => [anywhere(size), lattice(size / 3)],
  'on a diagonal': (size, i, n) => [lattice((size * i) / n), lattice((size * i) / n)],
  'on a circle': (size, i, n) => [
    lattice(size / 2 + (size / 3) * Math.cos((7 * i) / n)),
    lattice(size / 2 + (size / 3) * Math.sin((7 * i) / n)),
  ],
  'all at one place': (size) => [size / 2, size / 2],
  'within a hundredth of a pixel': (size) => [
    size / 2 + random.int(10) / STEPS,
    size / 2 + random.int(10) / STEPS,
  ],
  'in coinciding pairs': (size, i) => [((i >> 1) * 7) % size, ((i >> 1) * 5) % size],
  'on the edges': (size) => [random.bool() ? 0 : size, anywhere(size)],
};

describe('voronoiScanner', () => {
  it.each(Object.keys(kinds))(
    'gives each pixel to the nearest site, of equally near ones to the first: sites %s',
    (kind) => {
      for (let trial = 0; trial < 40; trial++) {
        const size = 8 + (trial % 25);
        for (const n of [1, 2, 3, 4, 5, 20, 50]) {
          const sites = Float64Array.from(
            Array.from({ length: n }, (_, i) => kinds[kind]?.(size, i, n) ?? []).flat(),
          );
          expect(
            bySpans(voronoiScanner(size, n)(sites), size),
            `${size} px, sites ${sites.join(' ')}`,
          ).toEqual(bySearch(sites, size));
        }
      }
    },
  );

  it('does so for images as they are, one scanner for many', () => {
    const scan = voronoiScanner(256, 20);
    for (let trial = 0; trial < 10; trial++) {
      const sites = Float64Array.from({ length: 40 }, () => anywhere(256));
      expect(bySpans(scan(sites), 256)).toEqual(bySearch(sites, 256));
    }
  });

  it('is exact in the largest images too', () => {
    const size = 4096;
    const n = 300;
    const sites = Float64Array.from({ length: 2 * n }, () => anywhere(size));
    const owners = bySpans(voronoiScanner(size, n)(sites), size);
    const delaunay = new Delaunay(sites);
    let near = 0;
    for (let trial = 0; trial < 20_000; trial++) {
      const x = random.int(size);
      const y = random.int(size);
      near = delaunay.find(x + 0.5, y + 0.5, near);
      expect(owners[y * size + x]).toBe(near);
    }
  });

  it('makes runs that cover the rows from left to right, none empty', () => {
    const { count, starts, cells } = voronoiScanner(
      64,
      30,
    )(Float64Array.from({ length: 60 }, () => anywhere(64)));
    expect(starts[0]).toBe(0);
    expect(starts[count]).toBe(64 * 64);
    const rows = new Set<number>();
    for (let k = 0; k < count; k++) {
      const from = starts[k] ?? 0;
      const to = starts[k + 1] ?? 0;
      expect(to).toBeGreaterThan(from);
      expect(Math.floor(from / 64)).toBe(Math.floor((to - 1) / 64));
      if (from % 64 !== 0) expect(cells[k]).not.toBe(cells[k - 1]);
      rows.add(Math.floor(from / 64));
    }
    expect(rows.size).toBe(64);
  });
});
