import { expect, test } from 'vitest';
import { successesP, wilsonShare } from './proportion.ts';

// Expected numbers: scipy 1.16, stats.binomtest(k, n).proportion_ci(method='wilson').
test.each([
  [0, 60, 0.0, 0.06017185214208986],
  [11, 60, 0.10557796889197638, 0.2991975374646805],
  [60, 60, 0.9398281478579101, 1.0],
  [1, 3, 0.06149194472039626, 0.7923403991979523],
  [30, 400, 0.053037743922847665, 0.10504770626130439],
] as const)('%i of %i', (count, of, low, high) => {
  const { value, interval95 } = wilsonShare(count, of);
  expect(value).toBe(count / of);
  expect(interval95[0]).toBeCloseTo(low, 12);
  expect(interval95[1]).toBeCloseTo(high, 12);
});

test('a share of nothing is refused', () => {
  expect(() => wilsonShare(0, 0)).toThrow('expected a count in 0..0 of at least one, got 0 of 0');
  expect(() => wilsonShare(3, 2)).toThrow('got 3 of 2');
});

// scipy.stats.binom.sf(k - 1, n, p)
test.each([
  [5, 16, 0.0625, 0.0023242462432681524],
  [3, 40, 0.025, 0.0779484218230721],
  [8, 11, 0.5, 0.11328125],
] as const)('%i or more of %i at %d', (count, of, probability, expected) => {
  expect(successesP(count, new Array<number>(of).fill(probability))).toBeCloseTo(expected, 12);
});

test('trials of different probabilities', () => {
  expect(successesP(2, [0.5, 0.1])).toBeCloseTo(0.05, 12);
  expect(successesP(1, [0.5, 0.1])).toBeCloseTo(1 - 0.5 * 0.9, 12);
  expect(successesP(0, [0.2])).toBeCloseTo(1, 12);
});
