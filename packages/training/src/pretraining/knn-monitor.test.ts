import { disposeAll, tf } from '@noisy-pairs/engine';
import { positionClasses, weightedKnn, type LabelledFeatures } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import { resnet, type NetworkState } from '@noisy-pairs/models';
import { openSource, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { describe, expect, it } from 'vitest';
import { openKnnMonitor, type KnnMonitorOptions } from './knn-monitor.ts';
import { pooledFeatures } from '../encoders/pooled-features.ts';

const module = new URL('../../fixtures/sources.mjs', import.meta.url).href;
const colours = (length: number, seed: number, size = 16): SourceSpec => ({
  module,
  factory: 'openColours',
  options: { size, length, seed },
});
const squares = (length: number, seed: number, size = 16): SourceSpec => ({
  module,
  factory: 'openSquares',
  options: { size, length, seed },
});
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });
const normalise = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
const options = (change: Partial<KnnMonitorOptions> = {}): KnnMonitorOptions => ({
  encoder,
  labels: 'classes',
  bank: colours(40, 1),
  queries: colours(33, 2),
  normalise,
  k: 7,
  temperature: 0.1,
  everyEpochs: 2,
  ...change,
});

/**
 * Weights and a projection head's, as pretraining hands them over; the statistics are not those of
 * a start.
 */
function weightsOf(seed: number): NetworkState {
  const { params, stats } = encoder.init(Random.from(seed));
  const moved = Object.fromEntries(
    Object.entries(stats).map(([name, tensor]) => [name, tensor.add(0.25 * seed)]),
  );
  disposeAll(stats);
  return { params: { ...params, 'fc.0.weight': tf.zeros([2, 2]) }, stats: moved };
}

describe('a monitor of classes', () => {
  it(
    'says what pooled features and weighted nearest neighbours say, of whatever weights it is ' +
      'given',
    { timeout: 60_000 },
    async () => {
      const lines: string[] = [];
      const monitor = await openKnnMonitor(options({ onMessage: (line) => lines.push(line) }));
      expect(lines).toEqual([
        'nearest neighbours: 33 queries, a bank of 40 (images), every 2 epochs',
      ]);
      const seen: number[] = [];
      for (const seed of [1, 2, 1]) {
        const weights = weightsOf(seed);
        const of = (source: SourceSpec) => pooledFeatures({ encoder, weights, source, normalise });
        const { accuracy } = weightedKnn(await of(colours(40, 1)), await of(colours(33, 2)), {
          k: 7,
          temperature: 0.1,
          classes: 3,
        });
        const before = tf.memory().numTensors;
        expect(await monitor.measure(weights)).toEqual({ knnAccuracy: accuracy });
        expect(tf.memory().numTensors).toBe(before);
        seen.push(accuracy);
        disposeAll({ ...weights.params, ...weights.stats });
      }
      expect(seen[0]).toBe(seen[2]);
      expect(seen[0]).toBeGreaterThan(0.6);
      monitor.close();
    },
  );
});

describe('a monitor of masks', () => {
  /** Every cell's features by the encoder image by image, and its class. */
  async function slowCells(
    spec: SourceSpec,
    { params, stats }: NetworkState,
  ): Promise<LabelledFeatures> {
    const source = await openSource<LabelledSource>(spec);
    const image = new Uint8Array(source.size ** 2 * 3),
      mask = new Uint8Array(source.size ** 2);
    const features: number[] = [],
      labels: number[] = [];
    for (let i = 0; i < source.length; i++) {
      await source.read(i, image, mask);
      const map = tf.tidy(() =>
        encoder
          .apply(
            params,
            stats,
            tf.tensor4d(
              Float32Array.from(image, (v) => (v / 255 - 0.5) / 0.25),
              [1, source.size, source.size, 3],
            ),
            false,
          )
          .y.dataSync(),
      );
      for (const [cell, id] of positionClasses(mask, source.size, encoder.placement).entries()) {
        if (id === 255) continue;
        features.push(...map.subarray(cell * 8, cell * 8 + 8));
        labels.push(id);
      }
    }
    return {
      features: Float32Array.from(features),
      dimensions: 8,
      labels: Uint8Array.from(labels),
    };
  }

  it('classifies cells of the feature map, by a slow loop', { timeout: 60_000 }, async () => {
    const weights = weightsOf(1),
      lines: string[] = [];
    const spec = { labels: 'masks', bank: squares(34, 1), queries: squares(3, 2), k: 5 } as const;
    const [bank, queries] = [
      await slowCells(spec.bank, weights),
      await slowCells(spec.queries, weights),
    ];
    const monitor = await openKnnMonitor(
      options({ ...spec, onMessage: (line) => lines.push(line) }),
    );
    // The first row of each mask is ignored: most of the first positions, that look half a pixel
    // up-left.
    expect([bank.labels.length, queries.labels.length]).toEqual([34 * 7 * 8, 3 * 7 * 8]);
    expect(lines).toEqual([
      `nearest neighbours: ${3 * 7 * 8} queries, a bank of ${34 * 7 * 8} ` +
        '(positions with a class), every 2 epochs',
    ]);
    const { knnAccuracy } = (await monitor.measure(weights)) as { knnAccuracy: number };
    expect(knnAccuracy).toBe(
      weightedKnn(bank, queries, { k: 5, temperature: 0.1, classes: 2 }).accuracy,
    );
    expect(knnAccuracy).toBeGreaterThan(0.8);
    monitor.close();
    disposeAll({ ...weights.params, ...weights.stats });
  });

  it('takes two images a mask', { timeout: 60_000 }, async () => {
    const changes = (length: number, seed: number): SourceSpec => ({
      module,
      factory: 'openChanges',
      options: { size: 16, length, seed },
    });
    const weights = weightsOf(1);
    const monitor = await openKnnMonitor(
      options({ labels: 'masks', bank: changes(20, 1), queries: changes(5, 2), k: 5 }),
    );
    // neither image shows alone what has changed
    expect((await monitor.measure(weights))['knnAccuracy']).toBeGreaterThan(0.7);
    monitor.close();
    disposeAll({ ...weights.params, ...weights.stats });
  });
});

it('refuses what does not fit, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors;
  await expect(openKnnMonitor(options({ k: 200 }))).rejects.toThrow(
    'k: expected a whole number in 1..40, the size of the bank, got 200',
  );
  await expect(openKnnMonitor(options({ queries: colours(2, 2, 8) }))).rejects.toThrow(
    'queries size: expected 16 pixels as in bank, got 8',
  );
  await expect(openKnnMonitor(options({ everyEpochs: 0 }))).rejects.toThrow(
    'monitor everyEpochs: expected a number above 0, got 0',
  );
  const monitor = await openKnnMonitor(options());
  await expect(monitor.measure({ params: {}, stats: {} })).rejects.toThrow(
    'conv1.weight: expected shape [3, 3, 3, 4], got none',
  );
  monitor.close();
  expect(tf.memory().numTensors).toBe(before);
});
