import { expect, test } from 'vitest';
import { formatDuration } from './duration.ts';

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [3599, '59 min 59 s'],
  [7500, '2 h 5 min'],
  [Infinity, '?'],
])('%d seconds', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});
