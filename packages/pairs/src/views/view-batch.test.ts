import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { batchArrays, batchBytes } from '../loader/batch-buffer.ts';
import { drawView } from './view-batch.ts';
import { cifarViews, mocoV2Views, plainViews, type ViewPolicy } from './view-policy.ts';

const N = 3000;
function draw(policy: ViewPolicy) {
  const { firstViews } = batchArrays(new SharedArrayBuffer(batchBytes(N, 1)), N, 1);
  const random = Random.from(5);
  for (let row = 0; row < N; row++) drawView(random.split(row), policy, firstViews, row);
  return firstViews;
}
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
const column = (values: Float32Array, width: number, c: number) =>
  Array.from({ length: N }, (_, row) => values[row * width + c] ?? NaN);

test('crops lie in the image, and have the areas and ratios asked for', () => {
  const { boxes } = draw(mocoV2Views(64));
  for (let row = 0; row < N; row++) {
    const [y0, x0, y1, x1] = boxes.subarray(4 * row, 4 * row + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    expect(Math.min(y0, x0)).toBeGreaterThanOrEqual(0);
    expect(Math.max(y1, x1)).toBeLessThanOrEqual(1 + 1e-6);
    const height = y1 - y0;
    const width = x1 - x0;
    expect(height * width).toBeGreaterThan(0.2 - 1e-4);
    expect(height * width).toBeLessThan(1 + 1e-4);
    expect(width / height).toBeGreaterThan(3 / 4 - 1e-3);
    expect(width / height).toBeLessThan(4 / 3 + 1e-3);
  }
});

test('a ratio that never fits falls back to the largest centred crop', () => {
  const { boxes } = draw({ ...plainViews(8), ratio: [2, 2] });
  expect([...boxes.subarray(0, 4)]).toEqual([0.25, 0, 0.75, 1]);
});

test('flips, grey, jitter and blur come as often and as strong as asked for', () => {
  const { flips, colour, grey, sigma, turns } = draw({
    ...mocoV2Views(64),
    flipVertical: 0.2,
    quarterTurns: true,
  });
  expect(mean(column(flips, 2, 0))).toBeCloseTo(0.5, 1);
  expect(mean(column(flips, 2, 1))).toBeCloseTo(0.2, 1);
  expect(mean(grey)).toBeCloseTo(0.2, 1);
  expect(mean(Array.from(sigma, (s) => (s > 0 ? 1 : 0)))).toBeCloseTo(0.5, 1);
  expect(Math.max(...sigma)).toBeLessThan(2);
  expect(mean(column(colour, 4, 0).map((f) => (f === 1 ? 0 : 1)))).toBeCloseTo(0.8, 1);
  for (const c of [0, 1, 2])
    expect([
      Math.min(...column(colour, 4, c)) >= 0.6 - 1e-6,
      Math.max(...column(colour, 4, c)) <= 1.4 + 1e-6,
    ]).toEqual([true, true]);
  expect(Math.max(...column(colour, 4, 3).map(Math.abs))).toBeLessThanOrEqual(0.1 + 1e-6);
  expect([...new Set(turns)].sort()).toEqual([0, 1, 2, 3]);
});

test("plain views change nothing, CIFAR's have no blur", () => {
  const { boxes, flips, colour, grey, sigma, turns } = draw(plainViews(8));
  expect([...boxes.subarray(0, 4)]).toEqual([0, 0, 1, 1]);
  expect([...colour.subarray(0, 4)]).toEqual([1, 1, 1, 0]);
  for (const values of [flips, grey, sigma, turns]) expect(values.every((v) => v === 0)).toBe(true);
  expect(draw(cifarViews(32)).sigma.every((v) => v === 0)).toBe(true);
});
