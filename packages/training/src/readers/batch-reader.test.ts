import { Random } from '@noisy-pairs/imaging';
import { expect, it } from 'vitest';
import { batches, parts } from './batch-reader.ts';

it('cuts permutations into batches, none short', () => {
  const drawn = [...batches([3, 4, 5, 6, 7], 4, 5, Random.from(1))];
  expect(drawn.map((batch) => batch.length)).toEqual([4, 4, 4, 4, 4]);
  const stream = drawn.flat();
  for (const epoch of [0, 1, 2, 3])
    expect(stream.slice(epoch * 5, epoch * 5 + 5).sort()).toEqual([3, 4, 5, 6, 7]);
  expect([...batches([3, 4, 5, 6, 7], 4, 5, Random.from(1))]).toEqual(drawn);
});

it('cuts all of them into parts, the last one short', () => {
  expect([...parts(5, 2)]).toEqual([[0, 1], [2, 3], [4]]);
  expect([...parts(0, 2)]).toEqual([]);
});
