import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resnet } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { trainSegmentation } from './segmentation/segmentation.ts';

const module = new URL('../../fixtures/sources.mjs', import.meta.url).href;
const squares = (length: number, seed: number) => ({
  module,
  factory: 'openSquares',
  options: { size: 16, length, seed },
});

it('a full disk under the log of a head is one line with its name', async () => {
  const out = mkdtempSync(join(tmpdir(), 'full-disk-'));
  const log = join(out, 'segmentation.jsonl');
  symlinkSync('/dev/full', log);
  const training = trainSegmentation({
    encoder: resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] }),
    mode: 'scratch-supervised',
    train: squares(8, 1),
    test: squares(4, 2),
    normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    epochs: 1,
    batchSize: 8,
    learningRates: [0.1],
    weightDecay: 0,
    seed: 3,
    out,
    predictions: 0,
  });
  await expect(training).rejects.toThrow(`${log}: not written (ENOSPC: no space left on device)`);
});
