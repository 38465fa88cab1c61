import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, openProgram, type Tensor } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { moco, pixPro, resnet, type Method } from '@noisy-pairs/models';
import { drawView, openPairLoader, type ViewBatch } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { openOptimizer } from '../optimizers/optimizer.ts';
import type { PretrainOptions } from './options.ts';
import { pretrain } from './pretrain.ts';
import { readMetrics, type MetricsLine } from '../run-folder/run-log.ts';
import { openStep } from './step.ts';

const { views, normalise } = smallRun('');
const batchSize = 8,
  edge = 16,
  K = 20; // 20 is no multiple of 8
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [2] });
const settings = { dimensions: 8, hidden: 8, queueSize: K, momentum: 0.9, temperature: 0.5 };
const methods: Readonly<Record<string, Method>> = {
  moco: moco(encoder, settings),
  'pixpro with images': pixPro(encoder, { ...settings, instanceWeight: 0.5, distance: 0.7 }),
  'pixpro without': pixPro(encoder, { ...settings, instanceWeight: 0, distance: 0.7 }),
};

function drawViews(random: Random): ViewBatch {
  const floats = (width: number) => new Float32Array(batchSize * width);
  const batch = {
    boxes: floats(4),
    turns: floats(1),
    flips: floats(2),
    colour: floats(4),
    grey: floats(1),
    sigma: floats(1),
  };
  for (let row = 0; row < batchSize; row++) drawView(random, views, batch, row);
  return batch;
}

it.each([
  ['moco', false],
  ['moco', true],
  ['pixpro with images', false],
  ['pixpro without', true],
] as const)(
  '%s, eager %s: counts false positives and negatives as a slow loop does, and the classes ' +
    'stay with their keys',
  { timeout: 60_000 },
  async (name, eager) => {
    const method = methods[name] as Method;
    const step = openStep({
      method,
      views,
      normalise,
      optimizer: openOptimizer('sgd', { momentum: 0.9, weightDecay: 0 }),
      batchSize,
      size: edge,
      classesKnown: true,
    });
    const state = step.start(method.init(Random.from(1)));
    const program = await openProgram(state, { eager }).finally(() => {
      disposeAll(state);
    });
    const entry = program.compile(step.apply, step.specs);
    const hasQueue = name !== 'pixpro without';
    const rowsAndClasses = async () => {
      const { queues = {}, queueClasses } = await program.read('queues', 'queueClasses');
      const found = {
        rows: queues['queue']?.arraySync() ?? [],
        classes: [...(queueClasses?.dataSync() ?? [])],
      };
      disposeAll({ queues, queueClasses: queueClasses as Tensor });
      return found;
    };
    /** Classes of the queue's rows, by their values. */
    let classOf = new Map(
      hasQueue ? (await rowsAndClasses()).rows.map((row) => [row.join(), -1]) : [],
    );
    for (let i = 0; i < 3; i++) {
      const random = Random.from(`step ${i}`);
      const images = Uint8Array.from({ length: batchSize * edge * edge * 3 }, () =>
        random.int(256),
      );
      const [firstClass, secondClass] = [0, 1].map(() =>
        Uint8Array.from({ length: batchSize }, () => [0, 1, 254][random.int(3)] ?? 0),
      ) as [Uint8Array, Uint8Array];
      const batch = {
        first: images,
        second: images.toReversed(),
        size: edge,
        firstViews: drawViews(random.split('first')),
        secondViews: drawViews(random.split('second')),
        firstClass,
        secondClass,
      };
      const before = [...classOf.values()];
      const at = { done: i, progress: i / 3, learningRate: 0.02, random };
      const { outputs } = await entry.run(step.values(batch, at));
      let falsePositives = 0,
        falseNegatives = 0;
      for (let row = 0; row < batchSize; row++) {
        if (firstClass[row] !== secondClass[row]) falsePositives += 1 / batchSize;
        for (const id of before) if (id === firstClass[row]) falseNegatives += 1 / (batchSize * K);
      }
      expect(outputs['falsePositives']?.data[0]).toBeCloseTo(falsePositives, 6);
      if (!hasQueue) {
        expect(outputs['falseNegatives']).toBeUndefined();
        continue;
      }
      expect(outputs['falseNegatives']?.data[0]).toBeCloseTo(falseNegatives, 6);
      // A row that was in the queue has the class that it had; new ones are the batch's keys in
      // order.
      const { rows, classes } = await rowsAndClasses();
      let added = 0;
      const next = rows.map((row, j) => {
        const known = classOf.get(row.join()) ?? secondClass[added++] ?? NaN;
        expect(classes[j]).toBe(known);
        return [row.join(), known] as const;
      });
      expect(added).toBe(batchSize);
      classOf = new Map(next);
      expect(classOf.size).toBe(K);
    }
    if (hasQueue) expect([...classOf.values()]).not.toContain(-1);
    const after = await program.read();
    expect('queueClasses' in after).toBe(hasQueue);
    disposeAll(after);
    program.close();
  },
);

it(
  "a run logs them over its batches, and takes the queue's classes up from its checkpoint; a " +
    'source without classes has neither',
  { timeout: 60_000 },
  async () => {
    const options = (out: string): PretrainOptions => {
      const run = smallRun(out);
      return { ...run, source: { ...run.source, factory: 'openClassBlocks' } };
    };
    const folder = () => mkdtemp(join(tmpdir(), 'classes-'));
    const run = async (o: PretrainOptions) => {
      const { encoder: learnt } = await pretrain(o);
      for (const owned of [learnt.params, learnt.stats]) disposeAll(owned);
      return (await readMetrics(join(o.out, 'metrics.jsonl'))).map((line): MetricsLine => ({
        ...line,
        time: 0,
        stepMs: 0,
        dataWaitMs: 0,
      }));
    };
    const whole = await run(options(await folder()));
    // By hand, from the same batches: 8 pairs a step, 16 keys in the queue, a line every 2 steps.
    const o = options('');
    const loader = await openPairLoader({
      source: o.source,
      batchSize: 8,
      noisyShare: o.noisyShare,
      views: o.views,
      seed: o.seed,
      workers: 0,
      steps: 24,
    });
    let keys = Array<number>(16).fill(-1);
    const perStep: { falsePositives: number; falseNegatives: number }[] = [];
    for (let batch; (batch = await loader.next());) {
      const [first, second] = [[...batch.firstClass], [...batch.secondClass]];
      perStep.push({
        falsePositives: first.filter((id, i) => id !== second[i]).length / 8,
        falseNegatives:
          first.reduce((sum, id) => sum + keys.filter((key) => key === id).length / 16, 0) / 8,
      });
      keys = [...second, ...keys].slice(0, 16);
      batch.release();
    }
    await loader.close();
    expect(whole.length).toBe(12);
    for (const [i, line] of whole.entries()) {
      for (const name of ['falsePositives', 'falseNegatives'] as const)
        expect(line[name]).toBeCloseTo(
          ((perStep[2 * i]?.[name] ?? NaN) + (perStep[2 * i + 1]?.[name] ?? NaN)) / 2,
          6,
        );
    }
    expect(
      whole.reduce((sum, line) => sum + (line['falsePositives'] ?? NaN), 0) / 12,
    ).toBeGreaterThan(0.1); // half of the pairs are noisy, half of those false

    const out = await folder(),
      stop = new AbortController();
    await expect(
      pretrain({
        ...options(out),
        signal: stop.signal,
        onProgress: ({ step }) => {
          if (step === 14) stop.abort(new Error('stopped'));
        },
      }),
    ).rejects.toThrow('stopped');
    expect(await run(options(out))).toEqual(whole);

    const plain = await run(smallRun(await folder()));
    expect(Object.keys(plain[0] ?? {})).not.toContain('falsePositives');
    // classes are seen by nobody who learns
    expect(plain.map(({ loss }) => loss)).toEqual(whole.map(({ loss }) => loss));
  },
);
