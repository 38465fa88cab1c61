import { tf, valueAndGradients, type Scalar } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { classificationHead, projectionHead, segmentationHead } from './heads.ts';
import { resizeToPlanes } from './resize.ts';

test('the segmentation head is a linear map of each feature, by a slow loop', () => {
  const head = segmentationHead({ inputs: 3, classes: 2 });
  const { params } = head.init(Random.from(1));
  const x = Float32Array.from({ length: 2 * 2 * 2 * 3 }, (_, i) => Math.sin(i));
  const y = head.apply(params, {}, tf.tensor4d(x, [2, 2, 2, 3]), true).y;
  expect(y.shape).toEqual([2, 2, 2, 2]);
  const w = params['head.weight']?.dataSync() ?? [];
  const b = params['head.bias']?.dataSync() ?? [];
  [...y.dataSync()].forEach((value, i) => {
    const pixel = Math.floor(i / 2);
    const c = i % 2;
    let sum = b[c] ?? NaN;
    for (let f = 0; f < 3; f++) sum += (x[pixel * 3 + f] ?? NaN) * (w[f * 2 + c] ?? NaN);
    expect(value).toBeCloseTo(sum, 6);
  });
});

test('the projection head is fully connected, ReLU, fully connected', () => {
  const head = projectionHead({ inputs: 2, hidden: 3, outputs: 1 });
  const params = {
    'fc.0.weight': tf.tensor2d([
      [1, -1, 0],
      [0, 1, 2],
    ]),
    'fc.0.bias': tf.tensor1d([0, 0, -1]),
    'fc.2.weight': tf.tensor2d([[1], [10], [100]]),
    'fc.2.bias': tf.tensor1d([0.5]),
  };
  // hidden = relu([2, -2 + 3, 6 - 1]) = [2, 1, 5]; and for [1, 0]: relu([1, -1, -1]) = [1, 0, 0]
  expect([
    ...head
      .apply(
        params,
        {},
        tf.tensor2d([
          [2, 3],
          [1, 0],
        ]),
        true,
      )
      .y.dataSync(),
  ]).toEqual([512.5, 1.5]);
  const v1 = projectionHead({ inputs: 2, hidden: 0, outputs: 1 });
  expect([
    ...v1
      .apply(
        { 'fc.weight': tf.tensor2d([[1], [10]]), 'fc.bias': tf.tensor1d([0.5]) },
        {},
        tf.tensor2d([[2, 3]]),
        true,
      )
      .y.dataSync(),
  ]).toEqual([32.5]);
  expect(Object.keys(v1.init(Random.from(1)).params)).toEqual(['fc.weight', 'fc.bias']);
});

test('the classification head is linear in each image, N(0, 0.01) at first, without bias', () => {
  const head = classificationHead({ inputs: 2, classes: 3 });
  const params = {
    'fc.weight': tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    'fc.bias': tf.tensor1d([0.5, 0, -1]),
  };
  expect(
    head
      .apply(
        params,
        {},
        tf.tensor2d([
          [1, 0],
          [2, -1],
        ]),
        true,
      )
      .y.arraySync(),
  ).toEqual([
    [1.5, 2, 2],
    [-1.5, -1, -1],
  ]);
  const { params: start } = classificationHead({ inputs: 100, classes: 50 }).init(Random.from(1));
  const weights = [...(start['fc.weight']?.dataSync() ?? [])];
  expect(Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / 5000)).toBeCloseTo(0.01, 3);
  expect([...(start['fc.bias']?.dataSync() ?? [])]).toEqual(Array(50).fill(0));
});

const centred = { stride: 2, offset: 0 };

test('resizing is half-pixel bilinear: 2 x 2 to 4 x 4 as PyTorch has it', () => {
  const y = resizeToPlanes(tf.tensor4d([0, 1, 2, 3], [1, 2, 2, 1]), 4, centred);
  const expected = [0, 0.25, 0.75, 1, 0.5, 0.75, 1.25, 1.5, 1.5, 1.75, 2.25, 2.5, 2, 2.25, 2.75, 3];
  [...y.dataSync()].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 6);
  });
});

test(
  "channels and images keep apart when resized, and the gradient spreads each output's weight " +
    'over its inputs',
  () => {
    const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80], [2, 2, 2, 2]);
    const y = resizeToPlanes(x, 4, centred).arraySync();
    // [channel][image][row][column]
    expect([y[0]?.[1]?.[0]?.[0], y[1]?.[1]?.[0]?.[0]]).toEqual([5, 50]);
    expect([y[0]?.[0]?.[3]?.[3], y[1]?.[0]?.[3]?.[3]]).toEqual([4, 40]);
    expect([y[0]?.[0]?.[0]?.[3], y[1]?.[0]?.[3]?.[0]]).toEqual([2, 30]);
    const { gradients } = valueAndGradients(
      (p) => ({ loss: resizeToPlanes(p['x'], 4, centred).sum<Scalar>(), aux: {} }),
      { x },
    );
    // 16 outputs, 4 inputs a channel
    for (const value of gradients.x.dataSync()) expect(value).toBeCloseTo(4, 5);
  },
);
