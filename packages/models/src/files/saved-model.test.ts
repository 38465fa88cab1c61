import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, tf, type Tensor, type Tensor4D } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { resnet } from '../networks/resnet.ts';
import { exportSavedModel } from './saved-model.ts';

const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [2, 2, 1] });
const scale = { mean: [0.3, 0.4, 0.5], std: [0.2, 0.25, 0.3] } as const;
const place = () => join(mkdtempSync(join(tmpdir(), 'encoder-model-')), 'model');

test('pixels over 255 in, features of normalised images out: any number and size', async () => {
  const folder = place();
  const { params, stats } = encoder.init(Random.from(2));
  const moved = {
    params,
    stats: Object.fromEntries(
      Object.entries(stats).map(([name, tensor], i) => [name, tensor.add(0.05 * i)]),
    ),
  };
  const before = memory().tensors;
  await exportSavedModel(
    folder,
    encoder,
    { ...moved, params: { ...params, 'fc.0.weight': tf.ones([16, 8]) } },
    scale,
  );
  expect(memory().tensors).toBe(before + 1); // the head's
  const model = await tf.node.loadSavedModel(folder);
  for (const [count, height, width] of [
    [1, 32, 32],
    [3, 33, 50],
    [2, 7, 64],
  ] as [number, number, number][]) {
    tf.tidy(() => {
      const pixels = Uint8Array.from(
        { length: count * height * width * 3 },
        (_, i) => (i * 7919) % 256,
      );
      // (x / 255 - mean) / std, number by number.
      const normal = Float32Array.from(
        pixels,
        (value, i) => (value / 255 - (scale.mean[i % 3] ?? NaN)) / (scale.std[i % 3] ?? NaN),
      );
      const expected = encoder.apply(
        moved.params,
        moved.stats,
        tf.tensor4d(normal, [count, height, width, 3]),
        false,
      ).y;
      const { features, pooled } = model.predict({
        images: tf
          .tensor4d(Float32Array.from(pixels), [count, height, width, 3])
          .div<Tensor4D>(255),
      }) as unknown as { features: Tensor; pooled: Tensor };
      expect(features.shape).toEqual(expected.shape);
      expect(Math.max(...features.sub(expected).abs().dataSync())).toBeLessThan(1e-4);
      expect(pooled.shape).toEqual([count, encoder.channels]);
      expect(
        Math.max(
          ...pooled
            .sub(expected.mean([1, 2]))
            .abs()
            .dataSync(),
        ),
      ).toBeLessThan(1e-4);
    });
  }
  model.dispose();
});

test('a state without an entry, or no deviation, is refused; nothing is written', async () => {
  const folder = place();
  const { params, stats } = encoder.init(Random.from(2));
  const rest = Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'bn1.weight'));
  await expect(exportSavedModel(folder, encoder, { params: rest, stats }, scale)).rejects.toThrow(
    'encoder bn1.weight: expected [4], got none',
  );
  await expect(
    exportSavedModel(
      folder,
      encoder,
      { params, stats: { ...stats, 'bn1.running_var': tf.ones([3]) } },
      scale,
    ),
  ).rejects.toThrow('encoder bn1.running_var: expected [4], got [3]');
  await expect(
    exportSavedModel(folder, encoder, { params, stats }, { ...scale, std: [1, 0, 1] }),
  ).rejects.toThrow('std: expected positive numbers, got 1, 0, 1');
  expect(readdirSync(join(folder, '..'))).toEqual([]);
});
