import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf, type NamedTensors, type Tensor4D } from '@noisy-pairs/engine';
import { Random, readImage } from '@noisy-pairs/imaging';
import { loadWeights, resnet, type NetworkState } from '@noisy-pairs/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { joinedChannels, joinFeatures } from '../../encoders/feature-form.ts';
import { segmentationLoss } from './segmenter.ts';
import { trainSegmentation, type SegmentationOptions } from './segmentation.ts';
import { hashTensors } from '../../encoders/weight-hash.ts';

const module = new URL('../../../fixtures/sources.mjs', import.meta.url).href;
const squares = (length: number, seed: number, size = 16) => ({
  module,
  factory: 'openSquares',
  options: { size, length, seed },
});
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });
const size = 16;

const options = async (
  change: Partial<SegmentationOptions> = {},
): Promise<SegmentationOptions> => ({
  encoder,
  mode: 'scratch-supervised',
  train: squares(40, 1),
  test: squares(20, 2),
  normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  epochs: 10,
  batchSize: 8,
  learningRates: [0.1],
  weightDecay: 1e-4,
  seed: 3,
  out: await mkdtemp(join(tmpdir(), 'segmentation-')),
  predictions: 2,
  ...change,
});

let weights: NetworkState;
let weightsHash: string;
const hash = ({ params, stats }: NetworkState) =>
  hashTensors({
    ...params,
    ...Object.fromEntries(Object.entries(stats).map(([n, t]) => [`stat ${n}`, t])),
  });
beforeAll(async () => {
  weights = encoder.init(Random.from(5));
  weightsHash = await hash(weights);
});

describe('a frozen encoder', () => {
  it(
    'stays bit for bit what it was while its head learns two colours',
    { timeout: 60_000 },
    async () => {
      const o = await options({ mode: 'frozen', weights });
      const before = tf.memory().numTensors;
      const result = await trainSegmentation(o);
      expect(tf.memory().numTensors).toBe(before);
      expect(await hash(weights)).toBe(weightsHash);
      expect(result).toMatchObject({
        mode: 'frozen',
        steps: 50,
        featuresCached: true,
        learningRate: 0.1,
        candidates: [],
        testImages: 20,
      });
      expect(result.classes.map(({ name }) => name)).toEqual(['dark', 'bright']);
      expect(result.meanIou).toBeGreaterThan(0.8);
      expect(result.meanIou).toBeCloseTo(
        result.classes.reduce((sum, { iou }) => sum + (iou ?? NaN), 0) / 2,
        10,
      );
      expect(result.pixelAccuracy).toBeGreaterThan(0.85);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      const saved = await loadWeights(join(o.out, 'segmentation.safetensors'));
      expect(Object.keys(saved.tensors).every((name) => name.startsWith('head/'))).toBe(true);
      disposeAll(saved.tensors);

      expect(await readdir(join(o.out, 'predictions'))).toEqual(['000000.png', '000001.png']);
      const panel = await readImage(join(o.out, 'predictions', '000000.png'));
      expect([panel.width, panel.height, panel.channels]).toEqual([48, 16, 3]);
      const column = (x: number) => [
        ...panel.data.subarray((8 * 48 + x) * 3, (8 * 48 + x) * 3 + 3),
      ];
      // the ignored border
      expect([...panel.data.subarray(16 * 3, 16 * 3 + 3)]).toEqual([255, 255, 255]);
      expect(column(36)).toEqual(column(20)); // the middle of a square is predicted right
    },
  );

  it('gives the same result without room for its features', { timeout: 60_000 }, async () => {
    const kept = await trainSegmentation(await options({ mode: 'frozen', weights, epochs: 2 }));
    const anew = await trainSegmentation(
      await options({ mode: 'frozen', weights, epochs: 2, featureBudget: 1000 }),
    );
    expect(anew.featuresCached).toBe(false);
    expect(anew.finalLoss).toBeCloseTo(kept.finalLoss, 5);
    expect(anew.meanIou).toBeCloseTo(kept.meanIou, 3);
  });

  it('picks the learning rate on training images', { timeout: 60_000 }, async () => {
    const result = await trainSegmentation(
      await options({ mode: 'frozen', weights, learningRates: [1e-6, 0.1, 1e38], epochs: 5 }),
    );
    expect(result.learningRate).toBe(0.1);
    expect(result.candidates).toMatchObject([
      { learningRate: 1e-6 },
      { learningRate: 0.1 },
      { learningRate: 1e38, validationMeanIou: null },
    ]);
    expect(result.candidates[1]?.validationMeanIou).toBeGreaterThan(
      result.candidates[0]?.validationMeanIou ?? 1,
    );
  });
});

describe('a learning encoder', () => {
  it.each(['finetune', 'scratch-supervised'] as const)(
    '%s: changes, leaving the given weights alone',
    { timeout: 120_000 },
    async (mode) => {
      const o = await options({ mode, ...(mode === 'finetune' ? { weights } : {}) });
      const before = tf.memory().numTensors;
      const result = await trainSegmentation(o);
      expect(tf.memory().numTensors).toBe(before);
      expect(await hash(weights)).toBe(weightsHash);
      expect(result.meanIou).toBeGreaterThan(0.7);
      const { tensors } = await loadWeights(join(o.out, 'segmentation.safetensors'));
      for (const [kind, given] of [
        ['encoder', weights.params],
        ['stats', weights.stats],
      ] as const) {
        for (const [name, tensor] of Object.entries(given))
          expect(tensors[`${kind}/${name}`]?.dataSync(), name).not.toEqual(tensor.dataSync());
      }
      disposeAll(tensors);
      const lines = (await readFile(join(o.out, 'segmentation.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { step: number; loss: number });
      expect(lines.map(({ step }) => step)).toEqual([20, 40, 50]);
      expect(lines.at(-1)?.loss).toBeLessThan(lines[0]?.loss ?? 0);
    },
  );

  it('comes out the same twice', { timeout: 60_000 }, async () => {
    const [first, second] = [
      await trainSegmentation(await options({ epochs: 2 })),
      await trainSegmentation(await options({ epochs: 2 })),
    ];
    expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  });
});

describe('the loss', () => {
  // 3 x 3 features over 16 pixels, the last of them cut off
  const placement = { stride: 6, offset: 2.5 };
  const random = Random.from('loss');
  const logits = Float32Array.from({ length: 2 * 3 * 3 * 3 }, () => random.normal());
  const labels = Int32Array.from(
    { length: 2 * size * size },
    () => [0, 1, 2, 255][random.int(4)] ?? 0,
  );
  const lossOf = (values: Float32Array, ids = labels) =>
    tf.tidy(
      () =>
        segmentationLoss(
          tf.tensor4d(values, [2, 3, 3, 3]),
          tf.tensor1d(ids, 'int32'),
          size,
          placement,
        ).dataSync()[0] ?? NaN,
    );

  /** Pixel by pixel, in double precision. */
  function slowLoss(values: Float32Array): number {
    let [sum, count] = [0, 0];
    const sample = (pixel: number) => Math.min(2, pixel / 6); // feature i is at pixel 6 i
    for (const [pixel, label] of labels.entries()) {
      if (label === 255) continue;
      const [b, y, x] = [
        Math.floor(pixel / size ** 2),
        sample(Math.floor(pixel / size) % size),
        sample(pixel % size),
      ];
      const [y0, x0] = [Math.min(1, Math.floor(y)), Math.min(1, Math.floor(x))];
      const at = (row: number, column: number, c: number) =>
        values[((b * 3 + row) * 3 + column) * 3 + c] ?? NaN;
      const row = [0, 1, 2].map((c) => {
        const top = at(y0, x0, c) * (x0 + 1 - x) + at(y0, x0 + 1, c) * (x - x0);
        const bottom = at(y0 + 1, x0, c) * (x0 + 1 - x) + at(y0 + 1, x0 + 1, c) * (x - x0);
        return top * (y0 + 1 - y) + bottom * (y - y0);
      });
      sum += Math.log(row.reduce((total, v) => total + Math.exp(v), 0)) - (row[label] ?? NaN);
      count++;
    }
    return sum / count;
  }

  it('is the mean cross entropy at image resolution over what is not ignored', () => {
    expect(lossOf(logits)).toBeCloseTo(slowLoss(logits), 5);
    expect(lossOf(logits, new Int32Array(labels.length).fill(255))).toBe(0);
  });

  it('has the gradient of finite differences', () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((x) =>
          segmentationLoss(x as Tensor4D, tf.tensor1d(labels, 'int32'), size, placement),
        )(tf.tensor4d(logits, [2, 3, 3, 3]))
        .dataSync(),
    );
    for (const i of logits.keys()) {
      const moved = (by: number) => slowLoss(logits.map((v, j) => (i === j ? v + by : v)));
      expect(gradient[i]).toBeCloseTo((moved(1e-3) - moved(-1e-3)) / 2e-3, 4);
    }
  });
});

describe('refuses', () => {
  it('sources that do not fit together', async () => {
    await expect(trainSegmentation(await options({ test: squares(4, 2, 8) }))).rejects.toThrow(
      'test size: expected 16 pixels as in training, got 8',
    );
  });

  it('weights that the mode does not go with', async () => {
    await expect(trainSegmentation(await options({ weights }))).rejects.toThrow(
      'weights: expected none in mode scratch-supervised, got some',
    );
    await expect(trainSegmentation(await options({ mode: 'frozen' }))).rejects.toThrow(
      'weights: expected some in mode frozen, got none',
    );
  });

  it('options out of range', async () => {
    await expect(trainSegmentation(await options({ learningRates: [] }))).rejects.toThrow(
      'learningRates: expected one or more positive numbers, got none',
    );
    await expect(trainSegmentation(await options({ epochs: 0 }))).rejects.toThrow(
      'epochs: expected a positive number, got 0',
    );
  });

  it('a loss that is not finite', { timeout: 60_000 }, async () => {
    const nan: NamedTensors = Object.fromEntries(
      Object.entries(weights.params).map(([name, t]) => [name, t.mul(NaN)]),
    );
    await expect(
      trainSegmentation(
        await options({ mode: 'frozen', weights: { params: nan, stats: weights.stats } }),
      ),
    ).rejects.toThrow('loss: expected a finite number, got NaN at step 1');
    disposeAll(nan);
  });
});

describe('two images under one mask', () => {
  const changes = (length: number, seed: number) => ({
    module,
    factory: 'openChanges',
    options: { size, length, seed },
  });

  it(
    'are seen by the head together, frozen and learning: change is found, which no image shows ' +
      'alone',
    { timeout: 60_000 },
    async () => {
      const before = tf.memory().numTensors;
      for (const mode of ['frozen', 'scratch-supervised'] as const) {
        const seen: number[] = [];
        const o = await options({
          mode,
          ...(mode === 'frozen' ? { weights } : {}),
          train: changes(60, 1),
          test: changes(20, 2),
          epochs: 20,
          onPredicted: (truth, prediction) => {
            seen.push(truth.length, prediction.length);
          },
        });
        const result = await trainSegmentation(o);
        expect(result.meanIou, mode).toBeGreaterThan(0.7);
        expect(seen).toEqual([20 * size * size, 20 * size * size]);
        const panel = await readImage(join(o.out, 'predictions', '000000.png'));
        expect([panel.width, panel.height]).toEqual([4 * size, size]);
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('give the same without room for their features', { timeout: 60_000 }, async () => {
    const shared = {
      mode: 'frozen' as const,
      weights,
      train: changes(40, 1),
      test: changes(10, 2),
      epochs: 2,
    };
    const kept = await trainSegmentation(await options(shared)),
      anew = await trainSegmentation(await options({ ...shared, featureBudget: 1000 }));
    expect([kept.featuresCached, anew.featuresCached]).toEqual([true, false]);
    expect(anew.finalLoss).toBeCloseTo(kept.finalLoss, 5);
  });

  it('in training need two in testing', async () => {
    await expect(trainSegmentation(await options({ train: changes(40, 1) }))).rejects.toThrow(
      'test images: expected 2 a mask as in training, got 1',
    );
  });
});

it("joined features are both images' and how they differ", () => {
  const features = tf.tensor4d([1, 2, 4, 1, 10, 20, 10, 50], [4, 1, 1, 2]); // two places
  const joined = joinFeatures(features, 2);
  expect(joined.shape).toEqual([2, 1, 1, joinedChannels(2, 2)]);
  expect([...joined.dataSync()]).toEqual([1, 2, 4, 1, 3, 1, 10, 20, 10, 50, 0, 30]);
  expect(joinFeatures(features, 1)).toBe(features);
  disposeAll({ features, joined });
});
