import { describe, expect, test } from 'vitest';
import { batchNormInference, batchNormTrain } from './batch-norm.ts';
import { conv2d, type Padding } from './conv.ts';
import { softmaxCrossEntropy, softmaxCrossEntropyPlanes } from './cross-entropy.ts';
import { gatherRows } from './gather-rows.ts';
import { valueAndGradients } from '../gradients.ts';
import { disposeAll, type NamedTensors } from '../tree/tree.ts';
import { linear } from './linear.ts';
import { maxPool } from './max-pool.ts';
import { memory } from '../memory.ts';
import {} from '../attributes.ts';
import { backend } from '../native.ts';
import { relu } from './relu.ts';
import {
  tf,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../tensorflow.ts';

const normal = (seed: number, shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const normal4d = (seed: number, shape: [number, number, number, number]): Tensor4D =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);
const normal1d = (seed: number, length: number): Tensor1D =>
  tf.randomNormal([length], 0, 1, 'float32', seed);
const ones = (length: number) => tf.tensor1d(new Float32Array(length).fill(1));
const zeros = (length: number) => tf.tensor1d(new Float32Array(length));
/** Running statistics of so many channels, with which the new ones are the batch's own. */
const fresh = (length: number) => ({ mean: zeros(length), variance: ones(length), share: 1 });
const largest = (t: Tensor) => t.abs().max().dataSync()[0] ?? NaN;
/**
 * Both functions' values and gradients at the same place, weighted so that no gradient vanishes by
 * symmetry.
 */
function agree(
  ours: (p: NamedTensors) => Tensor,
  theirs: (p: NamedTensors) => Tensor,
  params: NamedTensors,
  tolerance = 1e-4,
) {
  const run = (f: (p: NamedTensors) => Tensor) =>
    valueAndGradients((p) => {
      const y = f(p);
      return { loss: y.mul(normal(99, y.shape)).sum<Scalar>(), aux: { y } };
    }, params);
  const a = run(ours);
  const b = run(theirs);
  expect(a.aux['y'].shape).toEqual(b.aux['y'].shape);
  expect(largest(a.aux['y'].sub(b.aux['y']))).toBeLessThan(tolerance);
  for (const name of Object.keys(params))
    expect(
      largest((a.gradients[name] as Tensor).sub(b.gradients[name] as Tensor)),
      name,
    ).toBeLessThan(tolerance);
}
/**
 * Central differences of the loss along a random direction, against the gradient's projection on
 * it.
 */
function finiteDifferences(f: (p: NamedTensors) => Scalar, params: NamedTensors) {
  const { gradients } = valueAndGradients((p) => ({ loss: f(p), aux: {} }), params);
  Object.entries(params).forEach(([name, tensor], i) => {
    const direction = normal(200 + i, tensor.shape);
    const h = 1e-2;
    const at = (step: number) =>
      f({ ...params, [name]: tensor.add(direction.mul(step)) }).dataSync()[0] ?? NaN;
    const slope = (gradients[name] as Tensor).mul(direction).sum().dataSync()[0] ?? NaN;
    expect((at(h) - at(-h)) / (2 * h) / slope, name).toBeCloseTo(1, 1);
  });
}

describe('conv2d', () => {
  test.each<[number, Padding, number]>([
    [1, 'same', 3],
    [2, 'same', 3],
    [1, 'valid', 3],
    [2, 'valid', 5],
    [2, 'valid', 1],
  ])("stride %i, %s, %i x %i: value and gradients are tfjs-core's", (stride, padding, k) => {
    const params = { x: normal4d(1, [2, 9, 8, 3]), w: normal4d(2, [k, k, 3, 4]) };
    agree(
      (p) => conv2d(p['x'] as Tensor4D, p['w'] as Tensor4D, stride, padding),
      (p) => tf.conv2d(p['x'] as Tensor4D, p['w'] as Tensor4D, stride, padding),
      params,
      2e-3,
    );
  });
  test('channels that differ are refused with both numbers', () => {
    expect(() => conv2d(normal4d(1, [1, 4, 4, 3]), normal4d(2, [3, 3, 2, 4]), 1)).toThrow(
      'conv2d: expected x with 2 channels, as w has, got 3',
    );
  });
});

describe('batch norm', () => {
  const params = () => ({
    x: normal4d(1, [3, 4, 5, 2]).mul<Tensor4D>(3).add<Tensor4D>(7),
    gamma: normal1d(2, 2),
    beta: normal1d(3, 2),
  });
  const slow = (p: NamedTensors) => {
    const { mean, variance } = tf.moments(p['x'] as Tensor4D, [0, 1, 2]);
    return (p['x'] as Tensor4D)
      .sub(mean)
      .div(variance.add(1e-5).sqrt())
      .mul(p['gamma'] as Tensor)
      .add(p['beta'] as Tensor);
  };
  test('training: value and gradients are those of the formula', () => {
    agree(
      (p) =>
        batchNormTrain(p['x'] as Tensor4D, p['gamma'] as Tensor1D, p['beta'] as Tensor1D, fresh(2))
          .y,
      slow,
      params(),
      1e-3,
    );
  });
  test('training: mean, and the unbiased variance', () => {
    const { mean, variance } = batchNormTrain(
      tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]),
      ones(1),
      zeros(1),
      fresh(1),
    );
    expect(mean.dataSync()[0]).toBeCloseTo(3, 6);
    expect(variance.dataSync()[0]).toBeCloseTo(14 / 3, 5); // ((-2)^2 + 1 + 0 + 9) / 3
  });
  test("training: running statistics take their share of the batch's", () => {
    const running = { mean: tf.tensor1d([10]), variance: tf.tensor1d([2]), share: 0.1 };
    const { mean, variance } = batchNormTrain(
      tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]),
      ones(1),
      zeros(1),
      running,
    );
    expect(mean.dataSync()[0]).toBeCloseTo(0.9 * 10 + 0.1 * 3, 5);
    expect(variance.dataSync()[0]).toBeCloseTo(0.9 * 2 + (0.1 * 14) / 3, 5);
    expect(() =>
      batchNormTrain(tf.zeros([1, 2, 2, 1]), ones(1), zeros(1), { ...running, share: 0 }),
    ).toThrow('batchNormTrain share: expected a number above 0 and at most 1, got 0');
  });
  test('inference: by the given statistics, with gradients', () => {
    const mean = tf.tensor1d([6, 8]);
    const variance = tf.tensor1d([4, 9]);
    agree(
      (p) =>
        batchNormInference(
          p['x'] as Tensor4D,
          p['gamma'] as Tensor1D,
          p['beta'] as Tensor1D,
          mean,
          variance,
        ),
      (p) =>
        (p['x'] as Tensor4D)
          .sub(mean)
          .div(variance.add(1e-5).sqrt())
          .mul(p['gamma'] as Tensor)
          .add(p['beta'] as Tensor),
      params(),
      1e-3,
    );
  });
});

test("relu and max-pool: value and gradients are tfjs-core's", () => {
  const x = normal4d(1, [2, 6, 6, 3]);
  agree(
    (p) => relu(p['x'] as Tensor4D),
    (p) => (p['x'] as Tensor4D).relu(),
    { x },
  );
  agree(
    (p) => maxPool(p['x'] as Tensor4D, 3, 2, 'valid'),
    (p) => tf.maxPool(p['x'] as Tensor4D, 3, 2, 'valid'),
    { x },
  );
});

test('cross entropy of each row, by a slow loop, and its gradient softmax - onehot', () => {
  const rows = [
    [1, 2, 3],
    [0, 0, 0],
    [50, -50, 0],
  ];
  const labels = [2, 0, 1];
  const { loss, aux, gradients } = valueAndGradients(
    (p) => {
      const each = softmaxCrossEntropy(p['logits'], tf.tensor1d(labels, 'int32'));
      return { loss: each.sum<Scalar>(), aux: { each } };
    },
    { logits: tf.tensor2d(rows) },
  );
  rows.forEach((row, i) => {
    const sum = row.reduce((s, v) => s + Math.exp(v), 0);
    expect(aux['each'].dataSync()[i]).toBeCloseTo(Math.log(sum) - (row[labels[i] ?? 0] ?? NaN), 4);
    row.forEach((v, c) => {
      expect(gradients['logits'].dataSync()[i * 3 + c]).toBeCloseTo(
        Math.exp(v) / sum - (c === labels[i] ? 1 : 0),
        5,
      );
    });
  });
  expect(loss.dataSync()[0]).toBeCloseTo(0.40761 + 1.09861 + 100, 3);
  expect(() => softmaxCrossEntropy(tf.tensor2d(rows), tf.tensor1d(labels))).toThrow(
    'expected int32 labels, got float32',
  );
  expect(() => softmaxCrossEntropy(tf.tensor2d(rows), tf.tensor1d([0, 1], 'int32'))).toThrow(
    'expected 3 labels, one a row, got 2',
  );
});

test('cross entropy of each column is that of the rows, with its gradient', () => {
  const labels = tf.tensor1d([2, 0, 1, 1, 0], 'int32');
  agree(
    (p) => softmaxCrossEntropyPlanes(p['logits'] as Tensor2D, labels),
    (p) => softmaxCrossEntropy((p['logits'] as Tensor2D).transpose(), labels),
    { logits: normal(1, [3, 5]).mul(20) },
    1e-5,
  );
  expect(() => softmaxCrossEntropyPlanes(tf.zeros([3, 4]), labels)).toThrow(
    'expected 4 labels, one a column, got 5',
  );
});

test('a linear layer: value and gradients are those of a matrix product', () => {
  agree(
    (p) => linear(p['x'] as Tensor2D, p['w'] as Tensor2D),
    (p) => tf.matMul(p['x'] as Tensor2D, p['w'] as Tensor2D),
    { x: normal(1, [4, 3]), w: normal(2, [3, 5]) },
  );
  expect(() => linear(tf.zeros([4, 3]), tf.zeros([2, 5]))).toThrow(
    'linear: expected x with 2 columns, as w has rows, got 3',
  );
});

test("a small network's gradients, by finite differences", () => {
  const labels = tf.tensor1d([0, 2, 1], 'int32');
  finiteDifferences(
    (p) =>
      tf.tidy(() => {
        const { y } = batchNormTrain(
          conv2d(p['x'] as Tensor4D, p['w'] as Tensor4D, 2),
          p['gamma'] as Tensor1D,
          p['beta'] as Tensor1D,
          fresh(3),
        );
        return softmaxCrossEntropy(y.mul(y).mean<Tensor2D>([1, 2]), labels).mean<Scalar>();
      }),
    {
      x: normal(1, [3, 6, 6, 2]),
      w: normal(2, [3, 3, 2, 3]),
      gamma: normal(3, [3]),
      beta: normal(4, [3]),
    },
  );
});

test('gradients leak nothing: tensors stay as many over many calls, with auxiliary outputs', () => {
  const params = { x: normal4d(1, [1, 6, 6, 2]), w: normal4d(2, [3, 3, 2, 3]) };
  const gamma = ones(3);
  const beta = zeros(3);
  const running = fresh(3);
  const once = () => {
    const { loss, aux, gradients } = valueAndGradients((p) => {
      const { y, mean, variance } = batchNormTrain(conv2d(p['x'], p['w'], 1), gamma, beta, running);
      return { loss: relu(y).sum<Scalar>(), aux: { mean, variance } };
    }, params);
    expect(Object.keys(aux)).toEqual(['mean', 'variance']);
    [{ loss }, aux, gradients].forEach(disposeAll);
  };
  once();
  const before = memory().tensors;
  for (let i = 0; i < 20; i++) once();
  expect(memory().tensors).toBe(before);
});

test('kernels leave nothing behind but their results, outside a memory scope too', () => {
  const x = normal4d(1, [2, 4, 4, 3]);
  const w = normal4d(2, [3, 3, 3, 3]);
  const gamma = ones(3);
  const beta = zeros(3);
  const running = fresh(3);
  const logits = tf.tensor2d([[1, 2]]);
  const labels = tf.tensor1d([0], 'int32');
  const before = memory().tensors;
  disposeAll({ ...batchNormTrain(x, gamma, beta, running) });
  disposeAll({
    a: conv2d(x, w, 1),
    b: relu(x),
    c: maxPool(x, 2, 2, 'same'),
    d: batchNormInference(x, gamma, beta, beta, gamma),
    e: softmaxCrossEntropy(logits, labels),
  });
  expect(memory().tensors).toBe(before);
});

test("a gradient by some of batch norm's inputs leaks nothing", () => {
  const x = normal4d(1, [2, 4, 4, 3]);
  const gamma = ones(3);
  const beta = zeros(3);
  const running = fresh(3);
  const once = () => {
    const { loss, gradients } = valueAndGradients(
      (p) => ({
        loss: batchNormTrain(x, gamma, p['beta'], running).y.square().sum<Scalar>(),
        aux: {},
      }),
      { beta },
    );
    [{ loss }, gradients].forEach(disposeAll);
  };
  once();
  const before = memory().tensors;
  for (let i = 0; i < 5; i++) once();
  expect(memory().tensors).toBe(before);
});

test('rows by number: values, the sum of gradients of a row that is taken twice, refusals', () => {
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const rows = tf.tensor1d([2, 0, 2], 'int32');
  const weights = tf.tensor2d([
    [1, 10],
    [100, 1000],
    [2, 20],
  ]);
  expect(gatherRows(x, rows).arraySync()).toEqual([
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
  const { gradients } = valueAndGradients(
    (p) => ({
      loss: gatherRows(p['x'], rows).mul(weights).sum<Scalar>(),
      aux: {},
    }),
    { x },
  );
  expect(gradients['x'].arraySync()).toEqual([
    [100, 1000],
    [0, 0],
    [3, 30],
  ]);
  expect(() => gatherRows(x, tf.tensor1d([1]))).toThrow(
    'gatherRows: expected int32 numbers of rows, got float32',
  );
  expect(() => gatherRows(x, tf.tensor1d([3], 'int32'))).toThrow(/not in \[0, 3\)/);
});

test('a layer passed twice has the gradient of both passes, its statistics handed on', () => {
  const x = normal4d(1, [2, 4, 4, 3]);
  const other = normal4d(2, [2, 4, 4, 3]);
  const beta = zeros(3);
  const running = fresh(3);
  const passes = (gamma: Tensor1D, chained: boolean) => {
    const first = batchNormTrain(x, gamma, beta, running);
    const second = batchNormTrain(other, gamma, beta, chained ? { ...first, share: 0.1 } : running);
    return first.y
      .mul(other)
      .sum<Scalar>()
      .add<Scalar>(second.y.mul(x).sum<Scalar>())
      .square<Scalar>();
  };
  const gradient = (chained: boolean) =>
    valueAndGradients((p) => ({ loss: passes(p['gamma'], chained), aux: {} }), {
      gamma: ones(3),
    }).gradients['gamma'].dataSync();
  expect(gradient(true)).toEqual(gradient(false));
});

test('auxiliary outputs keep their values after the parameters are gone', () => {
  const w = tf.scalar(3);
  const { loss, aux, gradients } = valueAndGradients(
    (p) => ({
      loss: p['w'].square(),
      aux: { same: p['w'], twice: p['w'].mul(2) },
    }),
    { w },
  );
  w.dispose();
  expect([loss, aux['same'], aux['twice'], gradients['w']].map((t) => t.dataSync()[0])).toEqual([
    9, 3, 6, 6,
  ]);
});

test(
  'a loss that is no scalar, and a parameter that it does not depend on, are refused by name; ' +
    'nothing stays behind',
  () => {
    const params = { a: tf.tensor1d([1, 2]), b: tf.scalar(1) };
    const f = (p: NamedTensors) => ({
      loss: (p['a'] as Tensor).sum<Scalar>(),
      aux: { a: p['a'] as Tensor },
    });
    const before = memory().tensors;
    expect(() => valueAndGradients(f, params)).toThrow(
      "valueAndGradients: expected the loss to depend on every parameter, got none on 'b'",
    );
    expect(() =>
      valueAndGradients((p) => ({ loss: p.a as Tensor as Scalar, aux: {} }), params),
    ).toThrow('valueAndGradients: expected a scalar loss, got shape [2]');
    expect(memory().tensors).toBe(before);
  },
);

test(
  'forward and backward are native ops by name and read nothing back, so that a step can be ' +
    'recorded',
  () => {
    const labels = tf.tensor1d([0, 1], 'int32');
    const params = {
      x: normal4d(1, [2, 8, 8, 3]),
      w: normal4d(2, [3, 3, 3, 3]),
      gamma: ones(3),
      beta: zeros(3),
    };
    const real = backend.binding as typeof backend.binding & {
      executeOp(name: string, ...rest: unknown[]): unknown;
    };
    const ops = new Set<string>();
    const recorder = Object.create(real, {
      executeOp: {
        value: (name: string, ...rest: unknown[]) => {
          ops.add(name);
          return real.executeOp(name, ...rest);
        },
      },
      tensorDataSync: {
        value: () => {
          throw new Error('read back');
        },
      },
    }) as typeof backend.binding;
    backend.binding = recorder;
    try {
      valueAndGradients((p) => {
        const { y, mean } = batchNormTrain(
          conv2d(p['x'], p['w'], 2),
          p['gamma'],
          p['beta'],
          fresh(3),
        );
        return {
          loss: softmaxCrossEntropy(
            maxPool(relu(y), 2, 2, 'valid').mean<Tensor2D>([1, 2]),
            labels,
          ).mean<Scalar>(),
          aux: { mean },
        };
      }, params);
    } finally {
      backend.binding = real;
    }
    expect([...ops]).toEqual(
      expect.arrayContaining([
        'Conv2D',
        'Conv2DBackpropInput',
        'Conv2DBackpropFilter',
        'FusedBatchNormV3',
        'FusedBatchNormGradV3',
        'Relu',
        'ReluGrad',
        'MaxPool',
        'MaxPoolGrad',
        'SparseSoftmaxCrossEntropyWithLogits',
      ]),
    );
  },
);
