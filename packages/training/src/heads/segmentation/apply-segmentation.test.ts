import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { loadWeights, resnet } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { applySegmentation } from './apply-segmentation.ts';
import { trainSegmentation } from './segmentation.ts';

const module = new URL('../../../fixtures/sources.mjs', import.meta.url).href;
const squares = (length: number, seed: number) => ({
  module,
  factory: 'openSquares',
  options: { size: 16, length, seed },
});
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });
const normalise = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

it.each(['frozen', 'scratch-supervised'] as const)(
  'what was learned (%s), read from its file, predicts as it did',
  { timeout: 60_000 },
  async (mode) => {
    const weights = encoder.init(Random.from(5)),
      given = mode === 'frozen' ? { weights } : {};
    const out = await mkdtemp(join(tmpdir(), 'apply-'));
    const measured: number[] = [],
      applied: number[] = [];
    const result = await trainSegmentation({
      encoder,
      mode,
      ...given,
      train: squares(40, 1),
      test: squares(20, 2),
      normalise,
      epochs: 3,
      batchSize: 8,
      learningRates: [0.1],
      weightDecay: 1e-4,
      seed: 3,
      out,
      predictions: 0,
      onPredicted: (_, prediction) => {
        measured.push(...prediction);
      },
    });
    const { tensors: trained } = await loadWeights(join(out, 'segmentation.safetensors'));
    const before = tf.memory().numTensors;
    const matrix = await applySegmentation({
      encoder,
      ...given,
      trained,
      source: squares(20, 2),
      normalise,
      onPredicted: async (truth, prediction) => {
        await Promise.resolve();
        expect(truth.length).toBe(prediction.length);
        applied.push(...prediction);
      },
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(applied).toEqual(measured);
    expect(matrix.meanIou()).toBe(result.meanIou);
    await expect(
      applySegmentation({
        encoder,
        ...(mode === 'frozen' ? {} : { weights }),
        trained,
        source: squares(2, 2),
        normalise,
      }),
    ).rejects.toThrow(/: expected shape .*, got /);
    for (const owned of [trained, weights.params, weights.stats]) disposeAll(owned);
  },
);
