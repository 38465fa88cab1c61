import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf, type Tensor } from '@noisy-pairs/engine';
import { resnet } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { hashEncoder } from '../encoders/encoder-weights.ts';
import { openKnnMonitor } from './knn-monitor.ts';
import { isDue, type Monitor } from './monitor.ts';
import type { PretrainOptions } from './options.ts';
import { pretrain } from './pretrain.ts';
import { readMetrics } from '../run-folder/run-log.ts';

const folder = () => mkdtemp(join(tmpdir(), 'monitor-'));

/** The squared length of one layer's weights, and how often it was asked. */
function lengthMonitor(
  everyEpochs: number,
  name = 'squaredLength',
): Monitor & { readonly hashes: string[] } {
  const hashes: string[] = [];
  return {
    everyEpochs,
    hashes,
    async measure(encoder) {
      hashes.push(await hashEncoder(encoder));
      return {
        [name]: tf.tidy(
          () => (encoder.params['conv1.weight'] as Tensor).square().sum().dataSync()[0] ?? NaN,
        ),
      };
    },
    close: () => undefined,
  };
}

/** The hash of the weights, and the metrics without times. */
async function run(options: PretrainOptions) {
  const { encoder, summary } = await pretrain(options);
  const hash = await hashEncoder(encoder);
  for (const owned of [encoder.params, encoder.stats]) disposeAll(owned);
  const lines = (await readMetrics(join(options.out, 'metrics.jsonl'))).map((line) =>
    Object.fromEntries(
      Object.entries(line).filter(([name]) => !['time', 'stepMs', 'dataWaitMs'].includes(name)),
    ),
  );
  return { hash, summary: { ...summary, seconds: 0 }, lines };
}

it('is due when its epochs are complete, by a loop over samples, and at the last step', () => {
  for (const [everyEpochs, batchSize, pairs, steps] of [
    [1, 8, 64, 24],
    [2, 7, 30, 40],
    [3, 50, 20, 10],
    [0.5, 4, 10, 12],
  ] as const) {
    const expected: number[] = [];
    let sample = 0;
    for (let step = 1; step <= steps; step++) {
      let complete = false;
      for (let i = 0; i < batchSize; i++)
        if (++sample % (everyEpochs * pairs) === 0) complete = true;
      if (complete || step === steps) expected.push(step);
    }
    const due = Array.from({ length: steps }, (_, i) => i + 1).filter((done) =>
      isDue(lengthMonitor(everyEpochs), done, { batchSize, pairs, steps }),
    );
    expect(due).toEqual(expected);
  }
});

it(
  'puts its values into the lines of the steps it is due at, and the weights are bit for bit ' +
    'those of a run without',
  { timeout: 60_000 },
  async () => {
    const without = await run(smallRun(await folder()));
    const out = await folder(),
      counted = lengthMonitor(1);
    const colours = (length: number, seed: number) => ({
      module: new URL('../../fixtures/sources.mjs', import.meta.url).href,
      factory: 'openColours',
      options: { size: 16, length, seed },
    });
    const neighbours = await openKnnMonitor({
      encoder: resnet({ depth: 10, width: 8, stem: 'small', strides: [1, 2] }),
      labels: 'classes',
      bank: colours(20, 1),
      queries: colours(10, 2),
      normalise: smallRun('').normalise,
      k: 3,
      temperature: 0.1,
      everyEpochs: 1,
    });
    const monitor: Monitor = {
      ...counted,
      measure: async (encoder) => ({
        ...(await counted.measure(encoder)),
        ...(await neighbours.measure(encoder)),
      }),
    };
    const before = tf.memory().numTensors;
    // 8 of 64 pairs a step: an epoch is 8 steps; logging every 5 steps has other lines.
    const watched = await run({
      ...smallRun(out),
      length: { steps: 24 },
      logEvery: 5,
      checkpointEvery: 6,
      monitor,
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(watched.hash).toBe(without.hash);
    expect(watched.summary).toEqual(without.summary);
    expect(watched.lines.map(({ step }) => step)).toEqual([5, 6, 8, 10, 12, 15, 16, 18, 20, 24]);
    expect(watched.lines.filter((line) => 'squaredLength' in line).map(({ step }) => step)).toEqual(
      [8, 16, 24],
    );
    for (const line of watched.lines) expect('knnAccuracy' in line).toBe('squaredLength' in line);
    expect(new Set(counted.hashes).size).toBe(3); // each of other weights
    expect(counted.hashes[2]).toBe(watched.hash);
    neighbours.close();
    const events = (await readFile(join(out, 'events.out.tfevents.0.noisy-pairs'))).toString(
      'latin1',
    );
    expect(events.split('squaredLength').length - 1).toBe(3);
  },
);

it('gives a run that was stopped and taken up the same lines', { timeout: 60_000 }, async () => {
  const options = (out: string): PretrainOptions => ({
    ...smallRun(out),
    logEvery: 5,
    checkpointEvery: 6,
    monitor: lengthMonitor(1),
  });
  const whole = await run(options(await folder()));
  for (const at of [7, 8, 17]) {
    const out = await folder(),
      stop = new AbortController();
    const stopped = pretrain({
      ...options(out),
      logEvery: 5,
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step >= at) stop.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(await run(options(out))).toEqual(whole);
  }
});

it(
  'must not give what a line has already, nor what is no number',
  { timeout: 60_000 },
  async () => {
    await expect(
      pretrain({ ...smallRun(await folder()), monitor: lengthMonitor(1, 'accuracy') }),
    ).rejects.toThrow(
      'monitor accuracy: expected a name that the metrics do not have, got one of step, epoch, ' +
        'loss, accuracy',
    );
    await expect(
      pretrain({
        ...smallRun(await folder()),
        monitor: { ...lengthMonitor(1), measure: () => Promise.resolve({ x: NaN }) },
      }),
    ).rejects.toThrow('monitor x: expected a finite number, got NaN');
    await expect(
      pretrain({ ...smallRun(await folder()), monitor: lengthMonitor(0) }),
    ).rejects.toThrow('monitor everyEpochs: expected a number above 0, got 0');
  },
);
