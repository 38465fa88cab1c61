import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { auroc, clusteredAuroc, percentile } from './auroc.ts';

/** Every positive against every negative. */
function slowAuroc(scores: readonly number[], positive: readonly boolean[]): number {
  let [won, count] = [0, 0];
  scores.forEach((a, i) => {
    scores.forEach((b, j) => {
      if (positive[i] !== true || positive[j] !== false) return;
      won += a > b ? 1 : a === b ? 0.5 : 0;
      count++;
    });
  });
  return won / count;
}

test('the share of won comparisons, ties counted half', () => {
  expect(auroc([1, 2, 3, 4], [false, false, true, true])).toBe(1);
  expect(auroc([4, 3, 2, 1], [false, false, true, true])).toBe(0);
  expect(auroc([1, 1, 1], [true, false, true])).toBe(0.5);
  const random = Random.from(1);
  for (let n = 2; n < 60; n++) {
    const scores = Array.from({ length: n }, () => random.int(20));
    const positive = scores.map((_, i) => i === 0 || (i > 1 && random.bool(0.3)));
    expect(auroc(scores, positive)).toBeCloseTo(slowAuroc(scores, positive), 12);
  }
});

test('one class alone has none, and what is no number is refused', () => {
  expect(auroc([1, 2], [true, true])).toBeNull();
  expect(auroc([], [])).toBeNull();
  expect(() => auroc([1, NaN], [true, false])).toThrow('AUROC: expected finite scores, got NaN');
  expect(() => auroc([1], [])).toThrow('AUROC: expected 1 truths, got 0');
});

test('items of one place count as one: copies do not narrow the interval', () => {
  const random = Random.from(7);
  const places = Array.from({ length: 12 }, (_, i) => `p${i}`);
  const noisy = places.map((_, i) => i % 2 === 0);
  const scores = noisy.map((is) => random.normal() + (is ? 1 : 0));
  const once = clusteredAuroc(scores, noisy, places, Random.from(0));
  const tenfold = <T>(values: readonly T[]) => Array.from({ length: 10 }, () => values).flat();
  const copied = clusteredAuroc(tenfold(scores), tenfold(noisy), tenfold(places), Random.from(0));
  expect(copied.interval95).toEqual(once.interval95);
  const apart = tenfold(places).map((place, i) => `${place} ${i}`);
  const naive = clusteredAuroc(tenfold(scores), tenfold(noisy), apart, Random.from(0));
  const width = ([low, high]: readonly [number, number]) => high - low;
  if (!once.interval95 || !naive.interval95) expect.fail('expected intervals');
  expect(width(naive.interval95)).toBeLessThan(width(once.interval95) / 2);
  expect(clusteredAuroc(scores, noisy, places, Random.from(0))).toEqual(once);
});

test('the interval covers the truth in about 95 of 100 made-up sets', () => {
  const random = Random.from(11);
  const truth = 0.7602; // of normals one deviation apart: Phi(1 / sqrt 2)
  let covered = 0;
  for (let set = 0; set < 100; set++) {
    const noisy = Array.from({ length: 80 }, (_, i) => i % 2 === 0);
    const scores = noisy.map((is) => random.normal() + (is ? 1 : 0));
    const places = noisy.map((_, i) => `place ${i >> 1}`);
    const { interval95 } = clusteredAuroc(scores, noisy, places, random.split(set), 300);
    if (interval95 && interval95[0] <= truth && truth <= interval95[1]) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(88);
  expect(covered).toBeLessThanOrEqual(99);
});

test('without places enough there is a value and a reason, no interval', () => {
  const result = clusteredAuroc([1, 2, 3], [false, true, true], ['a', 'b', 'b'], Random.from(0));
  expect(result).toMatchObject({ value: 1, interval95: null, clusters: 2 });
  expect(result.why).toContain('an interval needs 5 places');
  const clean = clusteredAuroc([1, 2], [false, false], ['a', 'b'], Random.from(0));
  expect(clean).toMatchObject({ value: null, interval95: null, why: 'all 2 are clean' });
});

test("percentiles are NumPy's", () => {
  expect(percentile([0, 1, 2, 10], 90)).toBeCloseTo(7.6, 12); // numpy.percentile
  expect(percentile([5], 97.5)).toBe(5);
});
