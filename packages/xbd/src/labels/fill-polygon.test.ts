import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fillPolygon } from './fill-polygon.ts';

const [width, height] = [96, 80];
interface Case {
  rings: number[][];
  runs: number[];
}
const cases = readFileSync(new URL('../fixtures/fill-poly.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

// Written by OpenCV, as tools/fixtures/xbd_masks.py says: rectangles, stars, tangles, polygons far
// beyond the frame, two rings at once, and vertices up to three million pixels away.
it('fills 440 polygons pixel for pixel as OpenCV does', () => {
  expect(cases.length).toBe(440);
  const wrong: string[] = [];
  for (const [i, { rings, runs }] of cases.entries()) {
    const expected = new Uint8Array(width * height);
    for (let k = 0; k < runs.length; k += 2)
      expected.fill(1, runs[k], (runs[k] as number) + (runs[k + 1] as number));
    const mask = new Uint8Array(width * height);
    fillPolygon(rings, mask, width, height, 1);
    const differ = mask.reduce((sum, value, at) => sum + (value === expected[at] ? 0 : 1), 0);
    if (differ > 0) wrong.push(`case ${i}: ${differ} pixels`);
  }
  expect(wrong).toEqual([]);
});

it('takes no longer for a vertex far above the image, and refuses what no image has', () => {
  const paint = (y: number) => {
    const mask = new Uint8Array(width * height);
    fillPolygon([[10, y, 60, 40, 20, 70]], mask, width, height, 1);
    return mask.reduce((sum, value) => sum + value, 0);
  };
  // by OpenCV, which takes a second for the first and fifteen for the other
  expect([paint(-1e8), paint(-2e9)]).toEqual([2316, 2316]);
  expect(() => paint(-(2 ** 31) - 1)).toThrow('polygon: expected coordinates within 2^31');
  expect(() => paint(NaN)).toThrow('polygon: expected coordinates within 2^31, got NaN');
});
