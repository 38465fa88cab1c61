import { readFileSync } from 'node:fs';
import {
  disposeAll,
  memory,
  tf,
  valueAndGradients,
  type NamedTensors,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import type { EncoderConfig } from './encoder-config.ts';
import { resnet } from './resnet.ts';

const standard = (depth: EncoderConfig['depth']): EncoderConfig => ({
  depth,
  width: 64,
  stem: 'imagenet',
  strides: [1, 2, 2, 2],
});
const count = (tensors: NamedTensors) =>
  Object.values(tensors).reduce((sum, { size }) => sum + size, 0);

/**
 * As `fill` in tools/fixtures/resnet18.py: values by their index in torch's order, here laid out as
 * kernel height, width, in, out.
 */
function filled(shape: number[], scale: number, shift = 0): Tensor {
  const value = (i: number) => shift + scale * Math.sin(0.7 * ((i % 997) + 1) + 0.1);
  if (shape.length !== 4)
    return tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
      shape,
    );
  const [h, w, inputs, outputs] = shape as [number, number, number, number];
  return tf
    .tensor4d(
      Float32Array.from({ length: h * w * inputs * outputs }, (_, i) => value(i)),
      [outputs, inputs, h, w],
    )
    .transpose([2, 3, 1, 0]);
}
/** Largest difference, as a share of the largest expected value. */
function relative(got: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((e, i) => Math.abs((got[i] ?? NaN) - e))) / largest;
}

test.each([
  [18, 11_176_512],
  [34, 21_284_672],
  [50, 23_508_032],
] as const)("ResNet-%d has torchvision's %d parameters", (depth, parameters) => {
  const { params, stats } = resnet(standard(depth)).init(Random.from(0));
  expect(count(params)).toBe(parameters);
  disposeAll(params);
  disposeAll(stats);
});

test.each<[EncoderConfig, number, number]>([
  [{ depth: 10, width: 4, stem: 'half', strides: [2, 2, 1] }, 8, 16],
  [{ depth: 18, width: 4, stem: 'imagenet', strides: [1, 2, 2, 2] }, 32, 32],
  [{ depth: 18, width: 4, stem: 'imagenet', strides: [1, 2, 1, 1] }, 8, 32],
  [{ depth: 34, width: 4, stem: 'small', strides: [1, 2] }, 2, 8],
  [{ depth: 50, width: 4, stem: 'small', strides: [1, 2, 2] }, 4, 64],
])('%j: output stride %i, %i channels', (config, outputStride, channels) => {
  const encoder = resnet(config);
  expect([encoder.outputStride, encoder.channels]).toEqual([outputStride, channels]);
  const { params, stats } = encoder.init(Random.from(0));
  const y = tf.tidy(() => encoder.apply(params, stats, tf.ones([2, 64, 64, 3]), true).y);
  expect(y.shape).toEqual([2, 64 / outputStride, 64 / outputStride, channels]);
  [params, stats, { y }].forEach(disposeAll);
});

// Everything is checked here against torchvision: padding, max-pool, order of blocks, batch norm,
// running statistics, gradients.
test("ResNet-18 computes what torchvision's does", { timeout: 60_000 }, () => {
  const oracle = JSON.parse(
    readFileSync(new URL('../fixtures/resnet18.json', import.meta.url), 'utf8'),
  ) as {
    train_pooled: number[];
    eval_pooled: number[];
    loss: number;
    running_mean: Record<string, number[]>;
    running_var: Record<string, number[]>;
    gradient: Record<string, number[]>;
    gradient_norm: Record<string, number>;
  };
  const encoder = resnet(standard(18));
  const start = encoder.init(Random.from(0));
  const params: Record<string, Tensor> = {};
  for (const [name, { shape }] of Object.entries(start.params)) {
    const [h, w, , outputs] = shape as [number, number, number, number];
    params[name] =
      shape.length === 4
        ? filled(shape, Math.sqrt(4 / (outputs * h * w)))
        : filled(shape, 0.1, name.endsWith('weight') ? 1 : 0);
  }
  const x = filled([3 * 64 * 64 * 2], 1)
    .reshape<Tensor4D>([2, 3, 64, 64])
    .transpose<Tensor4D>([0, 2, 3, 1]);
  const { loss, aux, gradients } = valueAndGradients((p) => {
    const { y, stats } = encoder.apply(p, start.stats, x, true);
    const pooled = y.mean([1, 2]); // [2, 512]
    return {
      loss: pooled.mul(filled([1024], 1).reshape([2, 512])).sum<Scalar>(),
      aux: { pooled, stats },
    };
  }, params);

  expect(relative(aux.pooled.dataSync(), oracle.train_pooled)).toBeLessThan(1e-4);
  expect(loss.dataSync()[0]).toBeCloseTo(oracle.loss, 2);
  for (const [name, expected] of Object.entries(oracle.running_var))
    expect(
      relative(aux.stats[`${name}.running_var`]?.dataSync() ?? [], expected),
      name,
    ).toBeLessThan(1e-4);
  for (const [name, expected] of Object.entries(oracle.running_mean)) {
    if (name !== 'bn1')
      expect(
        relative(aux.stats[`${name}.running_mean`]?.dataSync() ?? [], expected),
        name,
      ).toBeLessThan(1e-4); // bn1's means are sums that cancel to zero
  }
  for (const [name, expected] of Object.entries(oracle.gradient)) {
    const gradient = gradients[name] as Tensor;
    const values =
      gradient.rank === 4 ? gradient.transpose([3, 2, 0, 1]).dataSync() : gradient.dataSync();
    expect(relative(values, expected), name).toBeLessThan(2e-3);
  }
  for (const [name, expected] of Object.entries(oracle.gradient_norm))
    expect((gradients[name]?.norm().dataSync()[0] ?? NaN) / expected, name).toBeCloseTo(1, 3);
  const { pooled, stats } = aux;
  const evaluated = encoder.apply(params, stats, x, false).y.mean([1, 2]);
  expect(relative(evaluated.dataSync(), oracle.eval_pooled)).toBeLessThan(1e-3);
  expect(pooled.shape).toEqual([2, 512]);
});

test('the same random numbers give the same weights, others give others', () => {
  const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2] });
  const weights = (seed: number) => [
    ...(encoder.init(Random.from(seed)).params['conv1.weight']?.dataSync() ?? []),
  ];
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
});

test('inference leaves the statistics as they are, and nothing leaks', () => {
  const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2, 2] });
  const { params, stats } = encoder.init(Random.from(0));
  const x = tf.ones<Rank.R4>([1, 16, 16, 3]);
  const before = memory().tensors;
  const result = tf.tidy(() => {
    const { y, stats: same } = encoder.apply(params, stats, x, false);
    expect(Object.entries(same).every(([name, tensor]) => tensor === stats[name])).toBe(true);
    return y;
  });
  result.dispose();
  expect(memory().tensors).toBe(before);
});

test('what is no network is refused', () => {
  expect(() => resnet({ ...standard(18), strides: [] })).toThrow(
    'encoder strides: expected 1 to 4 stages, got 0',
  );
  expect(() => resnet({ ...standard(18), strides: [1, 3] })).toThrow(
    'expected each to be 1 or 2, got 1, 3',
  );
  expect(() => resnet({ ...standard(18), width: 0 })).toThrow(
    'encoder width: expected a positive whole number, got 0',
  );
});
