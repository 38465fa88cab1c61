import { expect, test } from 'vitest';
import { brief, onOneLine } from './brief.ts';

test('text is one line that steers no terminal, a value 100 characters of it', () => {
  expect(onOneLine(' a,\r\n  b\rc\u2028d\te\u001b[2Jf\u0000 ')).toBe('a, b c d e?[2Jf?');
  expect(brief('x'.repeat(100))).toBe('x'.repeat(100));
  expect(brief('x'.repeat(101))).toBe(`${'x'.repeat(100)}...`);
});
