import { expect, test } from 'vitest';
import { tf } from '../tensorflow.ts';
import { within } from './within.ts';
import { flattenTree } from './tree.ts';

test('names go under a prefix and come back from it, the tensors being the same', () => {
  const a = tf.scalar(1);
  const b = tf.scalar(2);
  const put = flattenTree({ query: { a, 'b/c': b } });
  expect(Object.keys(put)).toEqual(['query/a', 'query/b/c']);
  expect(within('query', { ...put, 'queryStats/a': a })).toEqual({ a, 'b/c': b });
  expect(within('query', put)['a']).toBe(a);
});
