import { tf, valueAndGradients } from '@noisy-pairs/engine';
import { expect, test } from 'vitest';
import { contrastAccuracy, infoNce, unitRows } from './info-nce.ts';

const fill = (rows: number, columns: number, a: number, b: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(a * (i + 1) + b)),
    [rows, columns],
  );

// Oracle: PyTorch in float64, F.normalize and F.cross_entropy on the same values.
test("loss, accuracy and the gradient of the raw queries are PyTorch's", () => {
  const raw = fill(3, 4, 0.7, 0.1);
  const k = unitRows(fill(3, 4, 0.5, 0.3)),
    queue = unitRows(fill(5, 4, 0.9, 0.2));
  const { loss, aux, gradients } = valueAndGradients(
    (p) => {
      const { loss: value, accuracy } = infoNce(unitRows(p['raw']), k, queue, 0.2);
      return { loss: value, aux: { accuracy } };
    },
    { raw },
  );
  expect(loss.dataSync()[0]).toBeCloseTo(2.9877293793, 5);
  expect(aux.accuracy.dataSync()[0]).toBeCloseTo(1 / 3, 6);
  const expected = [
    0.0696632539, 0.0614781013, -0.0698374969, -0.2291922507, -0.0647213272, -0.1590906392,
    -0.038539745, 0.3837954978, 0.2660862435, 0.1266849632, 0.0275149533, -0.1889027728,
  ];
  [...gradients.raw.dataSync()].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 5);
  });
});

// logits [1, 0, -1] / T, the first being the positive.
test.each([
  [1, 0.407605964444],
  [0.5, 0.1429316285],
  [0.2, 0.006760443547],
  [0.1, 4.540096e-5],
])('three logits at temperature %d', (T, expected) => {
  const q = tf.tensor2d([[1, 0]]),
    k = tf.tensor2d([[1, 0]]),
    queue = tf.tensor2d([
      [0, 1],
      [-1, 0],
    ]);
  expect(infoNce(q, k, queue, T).loss.dataSync()[0]).toBeCloseTo(expected, 6);
});

test('without negatives that differ from the positive, the loss is that of a guess', () => {
  const q = tf.tensor2d([[1, 0]]),
    queue = tf.tensor2d([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  expect(infoNce(q, q, queue, 0.1).loss.dataSync()[0]).toBeCloseTo(Math.log(4), 6);
});

test('a positive shares its hit with negatives as near as it: collapsed, it is chance', () => {
  const accuracy = (rows: number[][]) => contrastAccuracy(tf.tensor2d(rows)).dataSync()[0];
  expect(accuracy([[3, 1, 2]])).toBe(1);
  expect(accuracy([[1, 3, 2]])).toBe(0);
  expect(accuracy([[3, 1, 3]])).toBe(0.5);
  expect(accuracy([[-3, -3, -3]])).toBeCloseTo(1 / 3, 6);
  expect(
    accuracy([
      [0, 0, 0, 0],
      [5, 1, 1, 1],
    ]),
  ).toBe(0.625);
  expect(accuracy([[NaN, NaN]])).toBe(0);
  // Equal but for the rounding of their sums.
  const one = unitRows(tf.randomNormal([1, 128], 0, 1, 'float32', 1));
  const rows = one.tile<typeof one>([50, 1]);
  expect(infoNce(rows, rows, one.tile([31, 1]), 0.07).accuracy.dataSync()[0]).toBeCloseTo(
    1 / 32,
    6,
  );
});
