import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf, type NamedTensors } from '@noisy-pairs/engine';
import { weightedKnn } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import { loadWeights, resnet, type NetworkState } from '@noisy-pairs/models';
import { openSource, type ClassifiedSource } from '@noisy-pairs/pairs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainClassification, type ClassificationOptions } from './classification.ts';
import { hashEncoder } from '../encoders/encoder-weights.ts';
import { pooledFeatures } from '../encoders/pooled-features.ts';

const module = new URL('../../fixtures/sources.mjs', import.meta.url).href;
const colours = (length: number, seed: number, size = 16) => ({
  module,
  factory: 'openColours',
  options: { size, length, seed },
});
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });
const normalise = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

const options = async (
  change: Partial<ClassificationOptions> = {},
): Promise<ClassificationOptions> => ({
  encoder,
  mode: 'scratch-supervised',
  train: colours(60, 1),
  test: colours(45, 2),
  normalise,
  epochs: 10,
  batchSize: 8,
  learningRates: [0.1],
  weightDecay: 1e-4,
  knn: { k: 5, temperature: 0.1 },
  seed: 3,
  out: await mkdtemp(join(tmpdir(), 'classification-')),
  ...change,
});

let weights: NetworkState;
let weightsHash: string;
beforeAll(async () => {
  weights = encoder.init(Random.from(5));
  weightsHash = await hashEncoder(weights);
});

describe('a frozen encoder', () => {
  it(
    'stays bit for bit what it was while its classifier learns three colours',
    { timeout: 60_000 },
    async () => {
      const o = await options({ mode: 'frozen', weights, epochs: 20, learningRates: [1] });
      const before = tf.memory().numTensors;
      const result = await trainClassification(o);
      expect(tf.memory().numTensors).toBe(before);
      expect(await hashEncoder(weights)).toBe(weightsHash);
      expect(result).toMatchObject({
        mode: 'frozen',
        steps: 150,
        learningRate: 1,
        candidates: [],
        testImages: 45,
        encoderHash: weightsHash,
      });
      expect(result.accuracy).toBeGreaterThan(0.9);
      expect(result.knnAccuracy).toBeGreaterThan(0.9);
      expect(result.classes.map(({ name }) => name)).toEqual(['green', 'red', 'blue']);
      // The mean of the classes' accuracies, weighted by their images, is the whole accuracy.
      const source = await openSource<ClassifiedSource>(o.test);
      const counts = [0, 0, 0],
        image = new Uint8Array(16 * 16 * 3);
      for (let i = 0; i < 45; i++) {
        const id = await source.read(i, image);
        counts[id] = (counts[id] ?? 0) + 1;
      }
      expect(
        result.classes.reduce(
          (sum, { accuracy }, c) => sum + (accuracy ?? NaN) * (counts[c] ?? NaN),
          0,
        ) / 45,
      ).toBeCloseTo(result.accuracy, 10);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);

      expect((await readdir(o.out)).sort()).toEqual([
        'classification.jsonl',
        'classification.safetensors',
      ]);
      const { tensors, metadata } = await loadWeights(join(o.out, 'classification.safetensors'));
      expect(Object.entries(tensors).map(([name, { shape }]) => [name, shape])).toEqual([
        ['head/fc.weight', [8, 3]],
        ['head/fc.bias', [3]],
      ]);
      expect(JSON.parse(metadata['result'] ?? '')).toEqual(result);
      // What is saved, applied by a slow loop to the features of the test images, is right as
      // often.
      const { features, dimensions, labels } = await pooledFeatures({
        encoder,
        weights,
        source: o.test,
        normalise,
      });
      const [w, b] = [
        tensors['head/fc.weight']?.dataSync() ?? [],
        tensors['head/fc.bias']?.dataSync() ?? [],
      ];
      const right = [...labels].filter((label, i) => {
        const logits = [0, 1, 2].map((c) =>
          features
            .subarray(i * dimensions, (i + 1) * dimensions)
            .reduce((sum, x, d) => sum + x * (w[d * 3 + c] ?? NaN), b[c] ?? NaN),
        );
        return logits.indexOf(Math.max(...logits)) === label;
      });
      expect(right.length / 45).toBe(result.accuracy);
      disposeAll(tensors);
    },
  );

  it(
    'is asked for the nearest neighbours among the training images',
    { timeout: 60_000 },
    async () => {
      const o = await options({
        mode: 'frozen',
        weights,
        epochs: 1,
        knn: { k: 60, temperature: 0.5 },
      });
      const features = (source: typeof o.test) =>
        pooledFeatures({ encoder, weights, source, normalise });
      const { accuracy } = weightedKnn(await features(o.train), await features(o.test), {
        ...o.knn,
        classes: 3,
      });
      expect((await trainClassification(o)).knnAccuracy).toBe(accuracy);
      expect(accuracy).toBeLessThan(1); // all vote
    },
  );

  it(
    'has no accuracy for a class that is not among the test images',
    { timeout: 60_000 },
    async () => {
      const { classes, accuracy } = await trainClassification(
        await options({ mode: 'frozen', weights, epochs: 1, test: colours(1, 2) }),
      );
      expect(classes.map((one) => one.accuracy).sort()).toEqual([accuracy, null, null]);
    },
  );

  it('picks the learning rate on training images', { timeout: 60_000 }, async () => {
    const { learningRate, candidates } = await trainClassification(
      await options({ mode: 'frozen', weights, learningRates: [1e-6, 1, 1e38] }),
    );
    expect(learningRate).toBe(1);
    expect(candidates).toMatchObject([
      { learningRate: 1e-6 },
      { learningRate: 1 },
      { learningRate: 1e38, validationAccuracy: null },
    ]);
    expect(candidates[1]?.validationAccuracy).toBeGreaterThan(
      candidates[0]?.validationAccuracy ?? 1,
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
      const result = await trainClassification(o);
      expect(tf.memory().numTensors).toBe(before);
      expect(await hashEncoder(weights)).toBe(weightsHash);
      expect(result.accuracy).toBeGreaterThan(0.8);
      const { tensors } = await loadWeights(join(o.out, 'classification.safetensors'));
      const part = (prefix: string): NamedTensors =>
        Object.fromEntries(
          Object.entries(tensors)
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
        );
      const learnt = { params: part('encoder/'), stats: part('stats/') };
      for (const [kind, given] of [
        ['params', weights.params],
        ['stats', weights.stats],
      ] as const) {
        for (const [name, tensor] of Object.entries(given))
          expect(learnt[kind][name]?.dataSync(), name).not.toEqual(tensor.dataSync());
      }
      expect(await hashEncoder(learnt)).toBe(result.encoderHash);
      // The neighbours are those of the encoder as it has become.
      const features = (source: typeof o.test) =>
        pooledFeatures({ encoder, weights: learnt, source, normalise });
      expect(result.knnAccuracy).toBe(
        weightedKnn(await features(o.train), await features(o.test), { ...o.knn, classes: 3 })
          .accuracy,
      );
      disposeAll(tensors);
      const lines = (await readFile(join(o.out, 'classification.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { step: number; loss: number });
      expect(lines.map(({ step }) => step)).toEqual([20, 40, 60, 75]);
      expect(lines.at(-1)?.loss).toBeLessThan(lines[0]?.loss ?? 0);
    },
  );

  it('comes out the same twice, and nearly so when run op by op', { timeout: 60_000 }, async () => {
    const run = async (eager: boolean) => ({
      ...(await trainClassification(await options({ epochs: 1, eager }))),
      seconds: 0,
    });
    const first = await run(false);
    expect(await run(false)).toEqual(first);
    expect((await run(true)).finalLoss).toBeCloseTo(first.finalLoss, 3);
  });
});

describe('pooled features', () => {
  it(
    'are the mean of the feature map in inference, by a slow loop, whatever comes along with the ' +
      'weights',
    async () => {
      const head = { 'fc.0.weight': tf.zeros([1]) };
      const source = colours(33, 4); // more than a batch
      const before = tf.memory().numTensors;
      const { features, dimensions, labels } = await pooledFeatures({
        encoder,
        weights: { params: { ...weights.params, ...head }, stats: weights.stats },
        source,
        normalise,
      });
      expect(tf.memory().numTensors).toBe(before);
      expect([features.length, dimensions, labels.length]).toEqual([33 * 8, 8, 33]);
      const opened = await openSource<ClassifiedSource>(source),
        image = new Uint8Array(16 * 16 * 3);
      for (const i of [0, 31, 32]) {
        expect(await opened.read(i, image)).toBe(labels[i]);
        const map = tf.tidy(() =>
          encoder
            .apply(
              weights.params,
              weights.stats,
              tf.tensor4d(
                Float32Array.from(image, (v) => (v / 255 - 0.5) / 0.25),
                [1, 16, 16, 3],
              ),
              false,
            )
            .y.dataSync(),
        );
        for (let c = 0; c < 8; c++) {
          let sum = 0;
          for (let pixel = 0; pixel < 64; pixel++) sum += map[pixel * 8 + c] ?? NaN;
          expect(features[i * 8 + c]).toBeCloseTo(sum / 64, 4);
        }
      }
      disposeAll(head);
    },
  );

  it("need the encoder's weights", async () => {
    await expect(
      pooledFeatures({
        encoder,
        weights: { params: {}, stats: weights.stats },
        source: colours(2, 1),
        normalise,
      }),
    ).rejects.toThrow('conv1.weight: expected shape [3, 3, 3, 4], got none');
  });
});

describe('refuses', () => {
  it('sources that do not fit together, and a bank below k', async () => {
    await expect(trainClassification(await options({ test: colours(4, 2, 8) }))).rejects.toThrow(
      'test size: expected 16 pixels as in training, got 8',
    );
    await expect(
      trainClassification(await options({ knn: { k: 200, temperature: 0.1 } })),
    ).rejects.toThrow('k: expected a whole number in 1..60, the size of the bank, got 200');
  });

  it('weights that the mode does not go with', async () => {
    await expect(trainClassification(await options({ weights }))).rejects.toThrow(
      'weights: expected none in mode scratch-supervised, got some',
    );
    await expect(trainClassification(await options({ mode: 'frozen' }))).rejects.toThrow(
      'weights: expected some in mode frozen, got none',
    );
  });

  it('a loss that is not finite', { timeout: 60_000 }, async () => {
    const nan: NamedTensors = Object.fromEntries(
      Object.entries(weights.params).map(([name, t]) => [name, t.mul(NaN)]),
    );
    const before = tf.memory().numTensors;
    await expect(
      trainClassification(
        await options({ mode: 'frozen', weights: { params: nan, stats: weights.stats } }),
      ),
    ).rejects.toThrow('loss: expected a finite number, got NaN at step 1');
    expect(tf.memory().numTensors).toBe(before);
    disposeAll(nan);
  });
});
