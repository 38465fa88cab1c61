import { expect, test } from 'vitest';
import { chooseCrops } from './choices.ts';
import { partsOf } from './parts.ts';
import type { ScoredCrop } from './scored-crops.ts';

/** Scores rise with the number, true shares fall. */
const crops: ScoredCrop[] = Array.from({ length: 10 }, (_, i) => ({
  ...{ pair: i, x: 0, y: 0 },
  score: i / 10,
  changedShare: (9 - i) / 10,
}));
const of = (name: string, some = crops) =>
  chooseCrops(name, some, { most: 10, drop: 0.2, seed: 1 });
const pairsOf = (name: string) => of(name).crops.map(({ pair }) => pair);

test('filters leave out the highest, the random drop as many, and the order stays', () => {
  const keep = pairsOf('keep');
  expect([...keep].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(pairsOf('filter')).toEqual(keep.filter((pair) => pair < 8));
  expect(pairsOf('oracle')).toEqual(keep.filter((pair) => pair > 1));
  const random = pairsOf('random-drop');
  expect(random).toHaveLength(8);
  expect(random).toEqual(keep.filter((pair) => random.includes(pair)));
  expect(pairsOf('twice')).toEqual(keep);
  expect(of('twice').pairing).toBe('first twice');
  expect(of('shuffled')).toMatchObject({ mismatchedShare: 0.5, pairing: 'both' });
  expect(pairsOf('shuffled')).toEqual(keep);
  expect(of('keep').counts).toEqual({ pairs: 10, changed: 0.9 });
  expect(of('oracle').counts).toEqual({ pairs: 8, changed: 7 / 8 });
});

test('an unknown choice, and an oracle without true shares, in one line', () => {
  expect(() => of('exchange')).toThrow('choice: expected one of keep, filter, random-drop');
  const bare = crops.map((crop) => ({ ...crop, changedShare: null }));
  expect(() => of('oracle', bare)).toThrow('expected true shares of change, got 10 crops without');
  expect(of('filter', bare).counts).toEqual({ pairs: 8 });
});

test('whole places are held out, or the splits of the index are taken', () => {
  const pair = (i: number, split: string | null, place: string) =>
    ({ name: `p${i}`, split, place }) as never;
  const index = (pairs: readonly never[]) => ({ root: '/pairs', pairs }) as never;
  const drawn = partsOf(index(crops.map((_, i) => pair(i, null, `place ${i >> 1}`))), crops);
  const placesOf = (some: readonly ScoredCrop[]) => new Set(some.map(({ pair: i }) => i >> 1));
  expect(placesOf(drawn.test).size).toBe(2);
  expect(placesOf(drawn.train).size).toBe(3);
  const own = partsOf(index(crops.map((_, i) => pair(i, i < 6 ? 'train' : 'test', 'one'))), crops);
  expect([own.train.length, own.test.length]).toEqual([6, 4]);
  expect(() => partsOf(index(crops.map((_, i) => pair(i, null, 'one'))), crops)).toThrow(
    '/pairs: expected pairs of two places or more, to hold some out, got 10 of one',
  );
});
