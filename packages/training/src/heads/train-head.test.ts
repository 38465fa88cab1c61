import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { resnet, type NetworkState } from '@noisy-pairs/models';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainClassification } from './classification.ts';
import type { HeadMode, HeadTrainingOptions } from './head-options.ts';
import { trainSegmentation } from './segmentation/segmentation.ts';

const module = new URL('../../fixtures/sources.mjs', import.meta.url).href;
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });
let weights: NetworkState;
beforeAll(() => {
  weights = encoder.init(Random.from(5));
});

interface Task {
  readonly name: string;
  readonly factory: string;
  readonly train: (options: HeadTrainingOptions) => Promise<unknown>;
}
const tasks: readonly Task[] = [
  {
    name: 'segmentation',
    factory: 'openSquares',
    train: (options) => trainSegmentation({ ...options, predictions: 1 }),
  },
  {
    name: 'classification',
    factory: 'openColours',
    train: (options) => trainClassification({ ...options, knn: { k: 5, temperature: 0.1 } }),
  },
];
const modes: readonly HeadMode[] = ['frozen', 'finetune', 'scratch-supervised'];

describe.each(tasks)('$name', ({ name, factory, train }) => {
  const source = (length: number, seed: number): SourceSpec => ({
    module,
    factory,
    options: { size: 16, length, seed },
  });
  const broken = (length: number, seed: number, intact: number): SourceSpec => ({
    module,
    factory: 'openBroken',
    options: { factory, options: { size: 16, length, seed }, intact },
  });
  const optionsOf = async (mode: HeadMode): Promise<HeadTrainingOptions> => ({
    encoder,
    mode,
    ...(mode === 'scratch-supervised' ? {} : { weights }),
    train: source(80, 1),
    test: source(40, 2),
    normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    epochs: 3,
    batchSize: 8,
    learningRates: [0.1],
    weightDecay: 1e-4,
    seed: 3,
    out: await mkdtemp(join(tmpdir(), 'head-')),
    eager: true, // programs' tensors count as well
  });
  /** Expects the training to fail, and to leave no tensor behind. */
  const fails = async (options: HeadTrainingOptions, message: RegExp) => {
    const before = tf.memory().numTensors;
    await expect(train(options)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  };

  it.each(modes)('%s: frees its tensors when stopped midway', { timeout: 60_000 }, async (mode) => {
    const stop = new AbortController();
    const steps: number[] = [];
    const options: HeadTrainingOptions = {
      ...(await optionsOf(mode)),
      signal: stop.signal,
      onProgress: ({ step }) => {
        steps.push(step);
        stop.abort(new Error('stopped'));
      },
    };
    await fails(options, /^stopped$/);
    expect(steps).toEqual([20]); // of 30
    // and while a learning rate is tried
    await fails({ ...options, signal: AbortSignal.abort(), learningRates: [0.1, 0.2] }, /abort/);
  });

  it.each(modes)(
    '%s: frees its tensors when images cannot be read',
    { timeout: 60_000 },
    async (mode) => {
      const options = await optionsOf(mode);
      const message = /: image \d+ cannot be read$/;
      await fails({ ...options, test: broken(40, 2, 35) }, message);
      await fails({ ...options, train: broken(80, 1, 79) }, message);
    },
  );

  it.each(modes)(
    '%s: frees its tensors when what was learned cannot be written',
    { timeout: 60_000 },
    async (mode) => {
      const options = await optionsOf(mode);
      await mkdir(join(options.out, `${name}.safetensors`));
      await fails(options, /EISDIR|directory/);
    },
  );
});
