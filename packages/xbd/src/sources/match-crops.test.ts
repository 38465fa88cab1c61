import { expect, test } from 'vitest';
import type { XbdPair } from '../index/index-file.ts';
import type { Crop } from './crops.ts';
import { matchCrops } from './match-crops.ts';

/** Places of two events, by the event's first letter. */
const pairs = ['flood', 'flood', 'storm'].map((disaster) => ({ disaster })) as XbdPair[];
const crop = (pair: number, building: number) =>
  ({ pair, counts: { building, pixels: 100 } }) as Crop;

test('each crop gets the nearest building share of its event that is left, none twice', () => {
  const others = [crop(1, 10), crop(2, 30), crop(0, 42), crop(1, 35)];
  const { crops, sameEvent } = matchCrops([crop(0, 40), crop(1, 41), crop(2, 0)], others, pairs);
  expect(crops).toEqual([crop(0, 42), crop(1, 35), crop(2, 30)]);
  expect(sameEvent).toBe(3);
});

test('where an event has none left, the nearest of any is taken, and said', () => {
  const others = [crop(0, 10), crop(0, 30), crop(2, 5)];
  const { crops, sameEvent } = matchCrops([crop(2, 40), crop(2, 40)], others, pairs);
  expect(crops).toEqual([crop(2, 5), crop(0, 30)]);
  expect(sameEvent).toBe(1);
});

test('too few others are refused with both numbers', () => {
  expect(() => matchCrops([crop(0, 1), crop(0, 2)], [crop(0, 3)], pairs)).toThrow(
    'xBD crops: expected at least 2 others to match 2, got 1',
  );
});
