import { expect, test } from 'vitest';
import { holm } from './holm.ts';
import { differencePower, equivalencePower, seedsFor, smallestEffect } from './power.ts';
import { aboveP, belowP, differenceP, equivalenceP, intervalAt, spreadOf } from './t-test.ts';

// Expected numbers: scipy 1.16 (ttest_1samp, t.interval, nct), statsmodels 0.14 (TTestPower,
// multipletests).

test('p values and intervals of a small sample', () => {
  const spread = spreadOf([0.011, 0.025, -0.004, 0.018, 0.03]) ?? expect.fail();
  expect(differenceP(spread)).toBeCloseTo(0.05448953418654275, 10);
  expect(belowP(spread, 0.02)).toBeCloseTo(0.26884414255513633, 10);
  expect(aboveP(spread, -0.02)).toBeCloseTo(0.0018725999022519467, 10);
  expect(equivalenceP(spread, 0.02)).toBe(belowP(spread, 0.02));
  const [low, high] = intervalAt(spread, 0.99);
  expect(low).toBeCloseTo(-0.011354678618638769, 10);
  expect(high).toBeCloseTo(0.04335467861863877, 10);
});

test('there is no test of one value, nor of values that differ by rounding alone', () => {
  expect(spreadOf([0.1])).toBeUndefined();
  expect(spreadOf([0, 0, 0])).toBeUndefined();
  expect(spreadOf([0.5 - 0.35, 0.51 - 0.36, 0.52 - 0.37])).toBeUndefined();
  expect(spreadOf([0.1, 0.1 + 1e-6])).toBeDefined();
});

test.each([
  [1, 5, 0.05, 0.40138991737179536],
  [2.2, 3, 0.05 / 4, 0.17547218933097686],
  [0.5, 40, 0.01, 0.6741679768806473],
  [0.3, 2, 0.05, 0.05441466766810165],
  [40, 2, 0.05 / 28, 0.12607442023215434],
])('power of an effect of %d deviations, n = %d, level %d', (effect, count, level, power) => {
  expect(differencePower({ count, deviation: 1, level }, effect)).toBeCloseTo(power, 4);
});

test('power of two one-sided tests, as numerical integration in scipy has it', () => {
  const deviation = 0.02;
  expect(equivalencePower({ count: 10, deviation, level: 0.05 }, 0.02)).toBeCloseTo(0.795207, 4);
  expect(equivalencePower({ count: 20, deviation, level: 0.0125 }, 0.02, 0.005)).toBeCloseTo(
    0.810918,
    4,
  );
  expect(equivalencePower({ count: 5, deviation: 0.01, level: 0.05 }, 0.02)).toBeCloseTo(
    0.949957,
    4,
  );
});

test('the smallest effect and the number of seeds that reach 80 % power', () => {
  expect(smallestEffect({ count: 5, deviation: 1, level: 0.05 / 8 })).toBeCloseTo(2.976452, 4);
  expect(smallestEffect({ count: 3, deviation: 2, level: 0.05 })).toBeCloseTo(2 * 3.264044, 4);
  const seeds = (effect: number, level: number) =>
    seedsFor((count) => differencePower({ count, deviation: 1, level }, effect));
  expect(seeds(1, 0.05)).toBe(10); // 9.94
  expect(seeds(0.5, 0.0125)).toBe(48); // 47.76
  expect(seeds(100, 0.05)).toBe(2);
  expect(seeds(0.02, 0.05)).toBe(19625); // 19,624.07
  expect(seeds(1e-4, 0.05)).toBe(Infinity);
});

test('Holm adjusts as statsmodels does, and knows at which step each was decided', () => {
  const results = holm([0.01, 0.04, 0.03, 0.005], 0.05);
  const expected = [0.03, 0.06, 0.06, 0.02];
  for (const [i, { adjusted }] of results.entries()) expect(adjusted).toBeCloseTo(expected[i] ?? 0);
  expect(results.map(({ rejected }) => rejected)).toEqual([true, false, false, true]);
  // 0.04 would pass the last step, which is never reached.
  expect(results.map(({ divisor }) => divisor)).toEqual([3, 2, 2, 4]);
  expect(holm([null, 0.04], 0.05)).toEqual([
    { adjusted: 1, divisor: 2, rejected: false },
    { adjusted: 0.08, divisor: 2, rejected: false },
  ]);
});
