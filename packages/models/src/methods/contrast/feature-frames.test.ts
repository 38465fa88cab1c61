// Placed methods by a slow loop: features show pixels of their view, and those points of the image.
import { tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { resnetPlacement } from '../../networks/resnet-layers.ts';
import { featureFrames } from './feature-frames.ts';
import { matchingPoints } from './matching-points.ts';
import { pixelDistances } from './pixel-match.ts';

const frameNumbers = 6;

/** Views of all flips and turns, some beside each other: rows as viewFrames gives them. */
const frames = (views: readonly (readonly number[])[]) => Float32Array.from(views.flat());
const queries = frames([
  [1, 0, 0, 0, 1, 0],
  [0.5, 0, 0.25, 0, 0.5, 0.25],
  [0, -0.75, 0.875, 0.75, 0, 0.125],
  [0.25, 0, 0, 0, 0.25, 0],
]);
const keys = frames([
  [-1, 0, 1, 0, 1, 0],
  [0, -0.5, 0.75, -0.5, 0, 0.75],
  [-0.5, 0, 0.75, 0, 0.5, 0.5],
  [0.5, 0, 0.5, 0, 0.5, 0.5],
]);

/** The point of the image that feature `position` of view i shows, in 0..1. */
function shown(
  views: Float32Array,
  i: number,
  position: number,
  { size, stride }: { size: number; stride: number },
): readonly [number, number] {
  const [a, b, c, d, e, f] = [...views.subarray(frameNumbers * i)] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const edge = Math.ceil(size / stride);
  // feature k is centred on pixel k * stride, whose middle is half a pixel further
  const u = ((position % edge) * stride + 0.5) / size;
  const v = (Math.floor(position / edge) * stride + 0.5) / size;
  return [a * u + b * v + c, d * u + e * v + f];
}

const grids = [
  { size: 64, stride: 8 },
  { size: 16, stride: 2 },
  { size: 30, stride: 8 },
  { size: 9, stride: 1 },
];

test.each(grids)('distances of features are those of the points that they show: %j', (grid) => {
  const { size, stride } = grid;
  const edge = Math.ceil(size / stride);
  const placement = resnetPlacement(stride);
  tf.tidy(() => {
    const [query, key] = [queries, keys].map((views) =>
      tf.tensor2d(featureFrames(views, size, placement), [4, frameNumbers]),
    ) as [ReturnType<typeof tf.tensor2d>, ReturnType<typeof tf.tensor2d>];
    const distances = pixelDistances(query, key, edge).arraySync();
    for (let i = 0; i < 4; i++) {
      const diagonal = (views: Float32Array) =>
        (Math.hypot(...[0, 1, 3, 4].map((k) => views[frameNumbers * i + k] as number)) * stride) /
        size;
      const unit = Math.max(diagonal(queries), diagonal(keys));
      for (let p = 0; p < edge * edge; p++) {
        for (let q = 0; q < edge * edge; q++) {
          const [x, y] = shown(queries, i, p, grid);
          const [s, t] = shown(keys, i, q, grid);
          expect(distances[i]?.[p]?.[q]).toBeCloseTo(Math.hypot(x - s, y - t) / unit, 4);
        }
      }
    }
  });
});

test.each(grids)('points fall on the features that show what is nearest: %j', (grid) => {
  const { size, stride } = grid;
  const points = 50;
  const edge = Math.ceil(size / stride);
  const placement = resnetPlacement(stride);
  const found = matchingPoints(queries, keys, size, placement, points, Random.from(1));
  const random = Random.from(1);
  // as the overlap of each pair of views is, by hand: left, right, top, bottom
  const overlaps = [
    [0, 1, 0, 1],
    [0.25, 0.75, 0.25, 0.75],
    [0.25, 0.75, 0.5, 0.875],
  ] as const;
  overlaps.forEach(([left, right, top, bottom], i) => {
    for (let p = i * points; p < (i + 1) * points; p++) {
      const x = left + random.uniform() * (right - left);
      const y = top + random.uniform() * (bottom - top);
      random.uniform();
      random.uniform();
      const away = (views: Float32Array, position: number) => {
        const [s, t] = shown(views, i, position, grid);
        return Math.hypot(x - s, y - t);
      };
      for (const [views, positions] of [
        [queries, found.queryPositions],
        [keys, found.keyPositions],
      ] as const) {
        const all = Array.from({ length: edge * edge }, (_, k) => away(views, k));
        const nearest = Math.min(...all);
        expect(away(views, (positions[p] as number) - i * edge * edge)).toBeCloseTo(nearest, 5);
      }
      expect(found.pointWeights[p]).toBe(1);
    }
  });
  expect([...found.pointWeights.subarray(3 * points)]).toEqual(Array(points).fill(0));
});

test('without an offset, views of whole blocks keep their frames', () => {
  expect(featureFrames(queries, 64, { stride: 8, offset: 0 })).toEqual(queries);
});

test('a view that is flipped shows the same points in other features: 8 px of 2', () => {
  const whole = tf.tensor2d(featureFrames(queries.slice(0, 6), 8, resnetPlacement(2)), [1, 6]);
  const flipped = tf.tensor2d(featureFrames(keys.slice(0, 6), 8, resnetPlacement(2)), [1, 6]);
  // Pixels 0, 2, 4, 6 are looked at; flipped, they are pixels 7, 5, 3, 1: none is the same.
  const row = pixelDistances(whole, flipped, 4).arraySync()[0]?.[0]?.slice(0, 4);
  [7, 5, 3, 1].forEach((pixels, i) => {
    expect(row?.[i]).toBeCloseTo(pixels / Math.hypot(2, 2), 5);
  });
});
