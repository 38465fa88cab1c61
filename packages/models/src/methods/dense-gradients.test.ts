// Gradients of whole methods, encoder, heads and loss together, against finite differences of the
// loss they report.
import {
  disposeAll,
  mapTree,
  tf,
  zipTree,
  type NamedTensors,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { denseCl } from './densecl.ts';
import type { Method } from './method.ts';
import { moco } from './moco.ts';
import { pixContrast } from './pixcontrast.ts';
import { pixPro } from './pixpro.ts';
import { resnet } from '../networks/resnet.ts';
import { vader } from './vader.ts';

const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [2, 2] });
// m = 1: the key network stays where it is when the query moves.
const config = {
  dimensions: 8,
  hidden: 8,
  queueSize: 32,
  momentum: 1,
  temperature: 0.5,
  instanceWeight: 0.5,
  distance: 0.7,
  points: 6,
};
const B = 4,
  V = 16;
const methods: Readonly<Record<string, Method>> = {
  'moco with RINCE': moco(encoder, { ...config, robust: { q: 0.5, lambda: 0.025 } }),
  densecl: denseCl(encoder, config),
  pixcontrast: pixContrast(encoder, config),
  pixpro: pixPro(encoder, config),
  'pixpro without images': pixPro(encoder, { ...config, instanceWeight: 0 }),
  vader: vader(encoder, config),
  'vader without images': vader(encoder, { ...config, instanceWeight: 0 }),
};

/**
 * Views that overlap in part, the key's flipped from left to right, with rows as viewFrames of
 * @noisy-pairs/pairs gives them.
 */
const rows = (...row: number[]) =>
  Float32Array.from({ length: B * 6 }, (_, i) => row[i % 6] ?? NaN);
const frames = { query: rows(0.8, 0, 0, 0, 0.8, 0), key: rows(-0.6, 0, 0.9, 0, 0.6, 0.2) };

test.each(Object.keys(methods))(
  '%s: along its gradient and along random directions the loss changes as the gradient says',
  { timeout: 60_000 },
  (name) => {
    const method = methods[name] as Method;
    const state = method.init(Random.from(2));
    const images = (seed: number): Tensor4D => {
      const random = Random.from(seed);
      return tf.tensor4d(
        Float32Array.from({ length: B * V * V * 3 }, () => random.normal()),
        [B, V, V, 3],
      );
    };
    const specs = method.extras?.specs(B, V) ?? {};
    const values =
      method.extras?.values({ frames, viewSize: V, progress: 0, random: Random.from(4) }) ?? {};
    const extras: NamedTensors = Object.fromEntries(
      Object.entries(specs).map(([key, { shape, dtype }]) => [
        key,
        tf.tensor(values[key] as Float32Array, [...shape], dtype === 'int32' ? 'int32' : 'float32'),
      ]),
    );
    const inputs = { query: images(1), key: images(2), extras };
    const { gradients, updates, metrics } = method.forward(state, inputs);
    expect(Object.keys(gradients)).toEqual(Object.keys(state.query));
    const lossAt = (direction: NamedTensors, by: number) => {
      const before = tf.memory().numTensors;
      const query = tf.tidy(() => zipTree(state.query, direction, (w, d) => w.add(d.mul(by))));
      const result = method.forward({ ...state, query }, inputs);
      const loss = result.metrics['loss']?.dataSync()[0] ?? NaN;
      for (const owned of [query, result.gradients, result.updates, result.metrics])
        disposeAll(owned);
      expect(tf.memory().numTensors).toBe(before);
      return loss;
    };
    const dot = (a: NamedTensors, b: NamedTensors) =>
      tf.tidy(() =>
        Object.entries(a).reduce(
          (sum, [key, tensor]) =>
            sum +
            (tensor
              .mul(b[key] as Tensor)
              .sum()
              .dataSync()[0] ?? NaN),
          0,
        ),
      );
    const unit = (a: NamedTensors): NamedTensors => {
      const length = Math.sqrt(dot(a, a));
      return Object.fromEntries(
        Object.entries(a).map(([key, tensor]) => [key, tensor.div(length)]),
      );
    };
    const norm = Math.sqrt(dot(gradients, gradients));
    expect(norm).toBeGreaterThan(0.01);
    const random = Random.from('directions');
    const directions = [
      unit(gradients),
      ...[0, 1].map(() =>
        unit(
          mapTree(gradients, (gradient) => {
            const { shape, size } = gradient;
            // of each layer about as much as it matters
            const scale = Math.sqrt(dot({ gradient }, { gradient }) / size);
            return tf.tensor(
              Float32Array.from({ length: size }, () => scale * random.normal()),
              shape,
            );
          }),
        ),
      ),
    ];
    for (const direction of directions) {
      const expected = dot(gradients, direction);
      // DenseCL's matches jump, so that a step may cross one; a wrong gradient is wrong at every
      // step size.
      const errors = [2e-3, 5e-4, 1e-4].map((step) => {
        const by = step / Math.max(1, norm);
        return Math.abs((lossAt(direction, by) - lossAt(direction, -by)) / (2 * by) - expected);
      });
      expect(Math.min(...errors)).toBeLessThan(0.02 * norm);
    }
    for (const owned of [
      state,
      gradients,
      updates,
      metrics,
      extras,
      { query: inputs.query, key: inputs.key },
      ...directions,
    ])
      disposeAll(owned);
  },
);
