import { expect, it } from 'vitest';
import { randomRowsLeft } from './summary.ts';

it('a loss against random rows of the start tells nothing', () => {
  const method = { chanceLoss: 4 };
  expect(randomRowsLeft(method, 8, 8, 64)).toBeUndefined();
  expect(randomRowsLeft(method, 7, 8, 64)).toBe(
    'steps x batch: expected 64 keys or more to fill the queue, got 56: random rows of its start ' +
      'are left',
  );
  expect(randomRowsLeft(method, 1, 1, undefined)).toBeUndefined();
  expect(randomRowsLeft({ chanceLoss: undefined }, 1, 1, 64)).toBeUndefined();
});
