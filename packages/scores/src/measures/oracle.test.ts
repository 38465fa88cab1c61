import { readFileSync } from 'node:fs';
import { readImage } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { highOf, meanOf } from './cell-map.ts';
import { correlationDistances } from './correlations.ts';
import { orientationDistances, orientationsOf } from './orientations.ts';

const fixtures = new URL('../fixtures/pairs/', import.meta.url).pathname;
type Scores = Record<'hog' | 'hogP90' | 'ncc', number>;
const oracle = JSON.parse(readFileSync(`${fixtures}scores.json`, 'utf8')) as Record<string, Scores>;

test.each(Object.entries(oracle))('%s: as numpy and scipy say', async (name, expected) => {
  const first = await readImage(`${fixtures}${name}-first.png`);
  const second = await readImage(`${fixtures}${name}-second.png`);
  const hog = orientationDistances(orientationsOf(first), orientationsOf(second));
  expect(meanOf(hog)).toBeCloseTo(expected.hog, 9);
  expect(highOf(hog)).toBeCloseTo(expected.hogP90, 9);
  expect(meanOf(correlationDistances(first, second))).toBeCloseTo(expected.ncc, 9);
});

test('cells lie where the images differ', async () => {
  const first = await readImage(`${fixtures}changed-first.png`);
  const second = await readImage(`${fixtures}changed-second.png`);
  const { rows, columns, values } = orientationDistances(
    orientationsOf(first),
    orientationsOf(second),
  );
  expect([rows, columns]).toEqual([6, 8]);
  const inside = [...values].filter((_, i) => isInside(i % columns, Math.floor(i / columns)));
  const outside = [...values].filter((_, i) => !isInside(i % columns, Math.floor(i / columns)));
  expect(Math.min(...inside)).toBeGreaterThan(2 * Math.max(...outside.slice(0, columns)));
});

/** Cells that the other texture fills wholly: columns 30..90, rows 20..75 in pixels. */
const isInside = (column: number, row: number) =>
  column >= 2 && column <= 4 && row >= 2 && row <= 3;

test('images that are too small or of two sizes are refused', async () => {
  const small = await readImage(`${fixtures}small-first.png`);
  const flat = await readImage(`${fixtures}flat-first.png`);
  expect(() => correlationDistances(small, flat)).toThrow('got 32 x 32 and 64 x 64');
  const tiny = { width: 20, height: 8, channels: 1, data: new Uint8Array(160) } as const;
  expect(() => orientationsOf(tiny)).toThrow('HOG: expected 16 x 16 pixels or more, got 20 x 8');
  expect(() => correlationDistances(tiny, tiny)).toThrow('NCC: expected 32 x 32 pixels or more');
});
