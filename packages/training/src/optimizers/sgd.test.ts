import { disposeAll, tf, type NamedTensors } from '@noisy-pairs/engine';
import { expect, it } from 'vitest';
import { sgd } from './sgd.ts';

it('takes the steps of torch SGD with momentum and L2', () => {
  let params = { w: tf.tensor1d([1]) };
  let velocity = { w: tf.tensor1d([0]) };
  const before = tf.memory().numTensors;
  const seen = [0.1, 0.1, 0.05].map((rate) => {
    const gradients = { w: tf.tensor1d([0.5]) };
    const rates = {
      learningRate: tf.scalar(rate),
      momentum: tf.scalar(0.9),
      weightDecay: tf.scalar(0.01),
    };
    const next = sgd({ params, velocity }, gradients, rates);
    for (const used of [params, velocity, gradients, rates]) disposeAll(used);
    ({ params, velocity } = next);
    return params.w.dataSync()[0] ?? NaN;
  });
  expect(tf.memory().numTensors).toBe(before);
  [0.949, 0.852151, 0.7831428745].forEach((expected, i) => {
    expect(seen[i]).toBeCloseTo(expected, 6);
  });
});

it('scales all gradients down together to the clipping norm, and only down', () => {
  const params = { a: tf.zeros([1]), b: tf.zeros([1]) };
  const gradients = { a: tf.tensor1d([3]), b: tf.tensor1d([4]) };
  const rates = { learningRate: tf.scalar(1), momentum: tf.scalar(0), weightDecay: tf.scalar(0) };
  const moved = (clip: number) => {
    const next = sgd({ params, velocity: { a: tf.zeros([1]), b: tf.zeros([1]) } }, gradients, {
      ...rates,
      clipNorm: tf.scalar(clip),
    });
    return [next.params.a.dataSync()[0], next.params.b.dataSync()[0]];
  };
  expect(moved(1)).toEqual([expect.closeTo(-0.6, 5), expect.closeTo(-0.8, 5)]);
  expect(moved(10)).toEqual([-3, -4]);
});

it('names a parameter without a velocity', () => {
  const params: NamedTensors = { w: tf.scalar(1) };
  const rates = { learningRate: tf.scalar(1), momentum: tf.scalar(0), weightDecay: tf.scalar(0) };
  expect(() => sgd({ params, velocity: {} }, params, rates)).toThrow(
    'sgd: expected a gradient and a velocity for w, got no velocity',
  );
});
