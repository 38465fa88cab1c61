import { tf, valueAndGradients, type Tensor3D } from '@noisy-pairs/engine';
import { expect, test } from 'vitest';
import { resnet } from '../networks/resnet.ts';
import { unitPixels } from './contrast/pixel-match.ts';
import { pixContrast, pixContrastLoss, pixContrastLosses } from './pixcontrast.ts';

const random = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);
const q = random(1, [2, 5, 4]);
const k = unitPixels(random(2, [2, 5, 4]));
/** Pixel i and its neighbours i + 1 and i + 2; the last two show nothing of the other view. */
const same = tf.tidy(() => {
  const grid = tf.tensor3d(
    Float32Array.from({ length: 25 }, (_, at) => {
      const [i, j] = [Math.floor(at / 5), at % 5];
      return i < 3 && j >= i && j <= i + 2 ? 1 : 0;
    }),
    [1, 5, 5],
  );
  return grid.tile<Tensor3D>([2, 1, 1]);
});

/** Equation 2 by loops, logarithms of sums taken apart from their largest term. */
function slowLosses(T: number): number[] {
  const [a, b, s] = [unitPixels(q).arraySync(), k.arraySync(), same.arraySync()];
  const logSum = (logits: number[]) => {
    const highest = Math.max(...logits);
    return highest + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - highest), 0));
  };
  return a.flatMap((image, i) =>
    image.map((pixel, n) => {
      const logits = (b[i] ?? []).map(
        (other) => other.reduce((sum, x, d) => sum + x * (pixel[d] ?? NaN), 0) / T,
      );
      const positives = logits.filter((_, m) => s[i]?.[n]?.[m] === 1);
      return positives.length === 0 ? 0 : logSum(logits) - logSum(positives);
    }),
  );
}

test.each([1e-6, 1e-4, 0.005, 0.02, 0.3, 10, 1e6])(
  'losses at temperature %d are those by loops, and gradients finite',
  (T) => {
    const losses = pixContrastLosses(unitPixels(q), k, same, T).dataSync();
    const expected = slowLosses(T);
    const scale = Math.max(1, ...expected);
    losses.forEach((loss, i) => {
      expect(Math.abs(loss - (expected[i] ?? NaN)) / scale).toBeLessThan(2e-6);
    });
    const { loss, gradients } = valueAndGradients(
      (p) => ({ loss: pixContrastLoss(unitPixels(p.q), k, same, T), aux: {} }),
      { q },
    );
    expect([...loss.dataSync(), ...gradients.q.dataSync()].every(Number.isFinite)).toBe(true);
  },
);

test.each([
  [0, 'a number above 0, got 0'],
  [NaN, 'a number above 0, got NaN'],
  [1e-9, 'a finite number, at least 0.000001, got 1e-9'],
  [Infinity, 'a finite number, at least 0.000001, got Infinity'],
])('temperature %d is refused', (temperature, message) => {
  const encoder = resnet({ depth: 10, width: 2, stem: 'half', strides: [2] });
  const config = { dimensions: 4, hidden: 4, queueSize: 8, momentum: 0.9, distance: 0.7 };
  expect(() => pixContrast(encoder, { ...config, instanceWeight: 0, temperature })).toThrow(
    `pixcontrast temperature: expected ${message}`,
  );
});
