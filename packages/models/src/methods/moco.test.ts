import {
  disposeAll,
  entry1d,
  entry4d,
  flattenTree,
  memory,
  tf,
  zipTree,
  type Tensor,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { encoderState } from './method.ts';
import { moco } from './moco.ts';
import { resnet } from '../networks/resnet.ts';

const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2] });
const config = { dimensions: 8, hidden: 8, queueSize: 6, momentum: 0.99, temperature: 0.2 };
const images = (seed: number, batch = 2) => {
  const random = Random.from(seed);
  return tf.tensor4d(
    Float32Array.from({ length: batch * 16 * 16 * 3 }, () => random.normal()),
    [batch, 16, 16, 3],
  );
};
const batchOf = (query: number, key: number, batch?: number) => ({
  query: images(query, batch),
  key: images(key, batch),
  extras: {},
});
const values = (t: Tensor | undefined) => [...(t?.dataSync() ?? [])];

test(
  'the queue starts as random unit vectors and is a shift register: newest keys first, the ' +
    'oldest fall out',
  () => {
    const method = moco(encoder, config);
    let state = method.init(Random.from(1));
    const rows = () => state.queues.queue.arraySync();
    for (const row of rows()) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    for (let step = 0; step < 4; step++) {
      const before = rows();
      state = {
        ...state,
        ...method.forward(state, batchOf(step, 100 + step)).updates,
      };
      expect(rows().slice(2)).toEqual(before.slice(0, 4));
      for (const row of rows().slice(0, 2)) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      expect(before).not.toContainEqual(rows()[0]);
    }
  },
);

test('a batch is not among its own negatives: the loss comes from the queue before it', () => {
  const method = moco(encoder, { ...config, queueSize: 2 });
  const state = method.init(Random.from(1));
  const inputs = batchOf(1, 2);
  const first = method.forward(state, inputs);
  const again = method.forward({ ...state, queues: first.updates.queues }, inputs);
  expect(values(method.forward(state, inputs).metrics['loss'])).toEqual(
    values(first.metrics['loss']),
  );
  expect(values(again.metrics['loss'])).not.toEqual(values(first.metrics['loss']));
});

test(
  "key parameters follow the query by m, key statistics are the key encoder's own, and gradients " +
    "are the query's alone",
  () => {
    const method = moco(encoder, config);
    const fresh = method.init(Random.from(1));
    const name = 'conv1.weight';
    const state = {
      ...fresh,
      key: { ...fresh.key, [name]: tf.zerosLike(entry4d(fresh.query, name)) },
    };
    const { updates, gradients } = method.forward(state, batchOf(1, 2));
    const expected = values(state.query[name]).map((q) => 0.01 * q);
    values(updates.key[name]).forEach((k, i) => {
      expect(k).toBeCloseTo(expected[i] ?? NaN, 7);
    });
    expect(values(updates.keyStats['bn1.running_var'])).not.toEqual(
      values(updates.queryStats['bn1.running_var']),
    );
    expect(Object.keys(gradients)).toEqual(Object.keys(state.query));
    expect(Object.keys(flattenTree({ query: gradients, ...updates })).sort()).toEqual(
      Object.keys(flattenTree(state)).sort(),
    );
  },
);

test(
  'a hundred moving averages from 0 towards 1 with m 0.99 give 0.6339676587',
  { timeout: 60_000 },
  () => {
    const method = moco(encoder, config);
    const fresh = method.init(Random.from(1));
    const query = { ...fresh.query, 'bn1.bias': tf.ones([4]) };
    let average: Tensor = tf.zeros([4]);
    const inputs = batchOf(1, 2);
    for (let i = 0; i < 100; i++) {
      const state = { ...fresh, query, key: { ...fresh.key, 'bn1.bias': average } };
      average = tf.tidy(() => entry1d(method.forward(state, inputs).updates.key, 'bn1.bias'));
    }
    expect(values(average)[0]).toBeCloseTo(0.6339676587, 5);
  },
);

test('gradients are those of the loss, by finite differences', () => {
  const method = moco(encoder, { ...config, temperature: 1 });
  const state = method.init(Random.from(3));
  const inputs = batchOf(1, 2, 4);
  const { gradients } = method.forward(state, inputs);
  for (const name of ['fc.2.bias', 'layer1.0.bn2.weight']) {
    const at = (shift: number) => {
      const moved = tf.tensor1d(values(state.query[name]).map((v, i) => (i === 1 ? v + shift : v)));
      // The key encoder must stay: with m = 1 it does not follow the moved query.
      return (
        values(
          moco(encoder, { ...config, temperature: 1, momentum: 1 }).forward(
            { ...state, query: { ...state.query, [name]: moved } },
            inputs,
          ).metrics['loss'],
        )[0] ?? NaN
      );
    };
    expect((at(1e-2) - at(-1e-2)) / 2e-2).toBeCloseTo(values(gradients[name])[1] ?? NaN, 3);
  }
});

test('a small step down the gradients lowers the loss by the step times their squared norm', () => {
  // keys stay where they are
  const method = moco(encoder, { ...config, momentum: 1, queueSize: 16 });
  const state = method.init(Random.from(1));
  const inputs = batchOf(1, 2, 4);
  const { gradients, metrics } = method.forward(state, inputs);
  const norm = Object.values(gradients).reduce(
    (sum, g) => sum + (values(g.square().sum())[0] ?? NaN),
    0,
  );
  const rate = 1e-3 / norm;
  const query = zipTree(state.query, gradients, (w, g) => w.sub(g.mul(rate)));
  const after = method.forward({ ...state, query }, inputs).metrics['loss'];
  expect(((values(metrics['loss'])[0] ?? NaN) - (values(after)[0] ?? NaN)) / 1e-3).toBeCloseTo(
    1,
    1,
  );
});

test("a forward pass leaks nothing, and the encoder is handed out without the key's side", () => {
  const method = moco(encoder, config);
  const state = method.init(Random.from(1));
  const inputs = batchOf(1, 2);
  const before = memory().tensors;
  for (let i = 0; i < 3; i++) {
    const { gradients, updates, metrics } = method.forward(state, inputs);
    [gradients, updates, metrics].forEach(disposeAll);
  }
  expect(memory().tensors).toBe(before);
  expect(encoderState(state).params['conv1.weight']).toBe(state.query['conv1.weight']);
  expect(encoderState(state).stats['bn1.running_var']).toBe(state.queryStats['bn1.running_var']);
});

test('chance is the loss of a collapsed encoder, and bad options are refused', () => {
  expect(moco(encoder, { ...config, queueSize: 1024 }).chanceLoss).toBeCloseTo(6.932448, 6);
  expect(() => moco(encoder, { ...config, temperature: 0 })).toThrow(
    'moco temperature: expected a number above 0, got 0',
  );
  const method = moco(encoder, config);
  expect(() => method.forward(method.init(Random.from(1)), batchOf(1, 2, 7))).toThrow(
    'moco: expected at most the 6 keys a step that queue holds, got 7',
  );
});
