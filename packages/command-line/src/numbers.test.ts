import { expect, test } from 'vitest';
import { decimalNumber, wholeNumber } from './numbers.ts';

test('numbers within the range are read', () => {
  expect(wholeNumber(0)('12')).toBe(12);
  expect(wholeNumber(-3, 3)('-3')).toBe(-3);
  expect([...'0 1 .5 0.25'.split(' ')].map(decimalNumber(0, 1))).toEqual([0, 1, 0.5, 0.25]);
});

test.each(['1e3', '0x10', '', ' 5', '5 ', '1.5', '12345678901234567890', 'five'])(
  'no whole number: %j',
  (text) => {
    expect(() => wholeNumber(0)(text)).toThrow(/^expected a whole number of at least 0, got /);
  },
);

test('a message holds the range and what came', () => {
  expect(() => wholeNumber(2)('1')).toThrow('expected a whole number of at least 2, got 1.');
  expect(() => wholeNumber(1, 5)('6')).toThrow('expected a whole number in 1..5, got 6.');
  expect(() => decimalNumber(0, 1)('1.01')).toThrow('expected a number in 0..1, got 1.01.');
  expect(() => decimalNumber(0, 1)('')).toThrow('expected a number in 0..1, got "".');
});
