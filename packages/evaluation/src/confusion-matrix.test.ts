import { expect, test } from 'vitest';
import { confusionMatrix } from './confusion-matrix.ts';

/** Pixels whose counts are the given rows (truth) of columns (prediction). */
function pixels(rows: number[][]): [Uint8Array, Uint8Array] {
  const truth: number[] = [];
  const prediction: number[] = [];
  rows.forEach((row, t) => {
    row.forEach((count, p) => {
      for (let i = 0; i < count; i++) {
        truth.push(t);
        prediction.push(p);
      }
    });
  });
  return [Uint8Array.from(truth), Uint8Array.from(prediction)];
}

test('IoU of the oracle matrix [[50, 10], [5, 35]]', () => {
  const matrix = confusionMatrix(2);
  matrix.add(
    ...pixels([
      [50, 10],
      [5, 35],
    ]),
  );
  expect(matrix.iou()[0]).toBeCloseTo(0.76923077, 8);
  expect(matrix.iou()[1]).toBeCloseTo(0.7, 8);
  expect(matrix.meanIou()).toBeCloseTo(0.73461538, 8);
  expect(matrix.pixelAccuracy()).toBeCloseTo(0.85, 12);
  expect(matrix.recall()).toEqual([50 / 60, 35 / 40]);
});

test('batches add up to the whole', () => {
  const [truth, prediction] = pixels([
    [7, 2, 1],
    [0, 5, 3],
    [4, 0, 9],
  ]);
  const whole = confusionMatrix(3);
  const parts = confusionMatrix(3);
  whole.add(truth, prediction);
  for (let i = 0; i < truth.length; i += 5)
    parts.add(truth.subarray(i, i + 5), prediction.subarray(i, i + 5));
  expect(parts.counts).toEqual(whole.counts);
});

test('255 in the truth does not count, whatever is predicted there', () => {
  const matrix = confusionMatrix(2);
  matrix.add(Uint8Array.of(0, 255, 1), Uint8Array.of(0, 1, 1));
  expect([...matrix.counts]).toEqual([1, 0, 0, 1]);
});

test('an absent class is NaN and not in the mean; one that is only predicted counts as 0', () => {
  const matrix = confusionMatrix(3);
  matrix.add(Uint8Array.of(0, 0, 0, 0), Uint8Array.of(0, 0, 0, 1));
  expect(matrix.iou()).toEqual([0.75, 0, NaN]);
  expect(matrix.meanIou()).toBeCloseTo(0.375, 12);
  expect(matrix.recall()).toEqual([0.75, NaN, NaN]);
  expect(confusionMatrix(2).meanIou()).toBeNaN();
});

test('what does not fit is refused', () => {
  const matrix = confusionMatrix(2);
  expect(() => {
    matrix.add(Uint8Array.of(0), Uint8Array.of(0, 1));
  }).toThrow('prediction: expected 1 pixels as in the truth, got 2');
  expect(() => {
    matrix.add(Uint8Array.of(2), Uint8Array.of(0));
  }).toThrow('pixel 0: expected classes below 2, got truth 2 and prediction 0');
  expect(() => confusionMatrix(0)).toThrow('classes: expected a whole number in 1..255, got 0');
});
