import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { aboveMedian, neighbourScore } from './neighbour-score.ts';
import type { Points } from './points.ts';

const dimensions = 6;
/** Points around a direction of their own for each value of `where`. */
function points(where: readonly number[], groups: readonly number[]): Points {
  const random = Random.from(1);
  const features = where.flatMap((value) => {
    const own = Random.from(value).split('direction');
    return Array.from({ length: dimensions }, () => own.normal() + 0.05 * random.normal());
  });
  const none = new Float32Array(where.length);
  return {
    features: Float32Array.from(features),
    dimensions,
    groups: Int32Array.from(groups),
    images: Int32Array.from(groups),
    classes: none,
    noise: none,
  };
}

test(
  'labels that lie apart are told by neighbours; the chance level is that of the most frequent ' +
    'label',
  () => {
    const labels = Float32Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const score = neighbourScore(points([...labels], [...labels.keys()]), labels, Random.from(0));
    expect(score).toEqual({ accuracy: 1, chance: 40 / 60, points: 60, k: 20 });
  },
);

test(
  'images of one group do not vouch for each other: twins that say nothing of others leave it at ' +
    'chance',
  () => {
    // A place of its own for each group; labels by group, at random.
    const groups = Array.from({ length: 400 }, (_, i) => i >> 2);
    const random = Random.from(7);
    const ofGroup = Array.from({ length: 100 }, () => random.int(2));
    const labels = Float32Array.from(groups, (group) => ofGroup[group] as number);
    const accuracy = (by: readonly number[]) =>
      neighbourScore(points(groups, by), labels, Random.from(0))?.accuracy ?? NaN;
    expect(accuracy(groups)).toBeLessThan(0.65);
    // Had they been split from each other, they would have given it away.
    expect(accuracy([...groups.keys()])).toBeGreaterThan(0.85);
  },
);

test('points without a label are left out, and one label or one group alone gives no score', () => {
  const labels = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? NaN : i % 3));
  const each = [...labels.keys()];
  expect(
    neighbourScore(
      points(
        each.map((i) => i % 3),
        each,
      ),
      labels,
      Random.from(0),
    ),
  ).toEqual({ accuracy: 1, chance: 0.5, points: 20, k: 10 });
  expect(
    neighbourScore(
      points(each, each),
      labels.map((label) => (label === 1 ? NaN : label)),
      Random.from(0),
    ),
  ).toBeUndefined();
  expect(
    neighbourScore(
      points(
        each,
        each.map(() => 0),
      ),
      labels,
      Random.from(0),
    ),
  ).toBeUndefined();
});

test('halves by the median are even where values differ', () => {
  expect([...aboveMedian(Float32Array.of(0.4, 0.1, NaN, 0.3, 0.2))]).toEqual([1, 0, NaN, 1, 0]);
  expect([...aboveMedian(Float32Array.of(5, 1, 3))]).toEqual([1, 0, 0]);
  expect([...aboveMedian(Float32Array.of(0, 0, 0, 1))]).toEqual([0, 0, 0, 1]);
});
