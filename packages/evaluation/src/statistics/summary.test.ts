import { expect, test } from 'vitest';
import { pairedDifference, summarise } from './summary.ts';

// Expected numbers: scipy 1.16, x.mean(), x.std(ddof=1), stats.t.interval(.95, len(x) - 1,
// x.mean(), stats.sem(x)).
test.each([
  [[0.52, 0.61, 0.58], 0.57, 0.04582575694955838, [0.4561625089920972, 0.6838374910079027]],
  [
    [0.5, 0.61, 0.58, 0.49, 0.7],
    0.576,
    0.08619744775803978,
    [0.4689717323817922, 0.6830282676182077],
  ],
] as const)('mean, deviation and interval of %j', (values, mean, deviation, interval) => {
  const summary = summarise(values);
  expect(summary.count).toBe(values.length);
  expect(summary.mean).toBeCloseTo(mean, 12);
  expect(summary.standardDeviation).toBeCloseTo(deviation, 12);
  expect(summary.interval95?.[0]).toBeCloseTo(interval[0], 10);
  expect(summary.interval95?.[1]).toBeCloseTo(interval[1], 10);
});

test('one value has a mean and no interval', () => {
  expect(summarise([0.4])).toEqual({
    count: 1,
    mean: 0.4,
    standardDeviation: null,
    interval95: null,
  });
});

test('no values, and values that are not finite, are refused', () => {
  expect(() => summarise([])).toThrow('expected one value or more, got none');
  expect(() => summarise([1, NaN])).toThrow('expected finite values, got NaN');
});

test('differences are paired by seed, not by order', () => {
  const treated = new Map([
    [2, 0.7],
    [0, 0.5],
    [1, 0.6],
  ]);
  const baseline = new Map([
    [0, 0.4],
    [1, 0.5],
    [2, 0.6],
    [9, 0.1],
  ]);
  const { count, mean, standardDeviation } = pairedDifference(treated, baseline);
  expect(count).toBe(3);
  expect(mean).toBeCloseTo(0.1, 12);
  expect(standardDeviation).toBeCloseTo(0, 12); // by order it would be 0.1
  expect(() => pairedDifference(new Map([[1, 0.5]]), new Map([[2, 0.5]]))).toThrow(
    'expected a seed in both, got 1 and 2',
  );
});
