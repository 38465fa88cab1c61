import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flattenTree } from '@noisy-pairs/engine';
import { createRaster, Random, type Raster } from '@noisy-pairs/imaging';
import { exportEncoder, resnet, saveWeights, type EncoderConfig } from '@noisy-pairs/models';
import { scoresBy } from '@noisy-pairs/scores';
import { featureMaps } from '@noisy-pairs/training';
import { expect, test } from 'vitest';
import { openFeatureScorer } from './feature-scorer.ts';

const config: EncoderConfig = { depth: 10, width: 8, stem: 'half', strides: [2, 2, 1] };
const normalise = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] } as const;
const encoder = resnet(config);
const weights = encoder.init(Random.from('features'));
const size = 32;
const folder = mkdtempSync(join(tmpdir(), 'features ü-'));

const image = (seed: string): Raster => {
  const random = Random.from(seed);
  const raster = createRaster(size, size, 3);
  raster.data.forEach((_, i) => {
    raster.data[i] = random.int(256);
  });
  return raster;
};

/** The score place by place, by the plainest loop over maps of the encoder run op by op. */
async function slowScore(images: readonly [Raster, Raster]): Promise<number> {
  const sequence = {
    size,
    length: 2,
    read: (i: number, into: Uint8Array) => {
      into.set((images[i] as Raster).data);
    },
  };
  let sum = 0;
  let count = 0;
  for await (const { height, width, channels, data } of featureMaps({
    ...{ encoder, weights, normalise: { mean: [...normalise.mean], std: [...normalise.std] } },
    images: sequence,
    eager: true,
  })) {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const vector = (which: number) => {
          const at = ((which * height + y) * width + x) * channels;
          const values = Array.from(data.subarray(at, at + channels));
          const norm = Math.sqrt(values.reduce((total, value) => total + value ** 2, 0));
          return values.map((value) => value / (norm + 1e-6));
        };
        const [a, b] = [vector(0), vector(1)];
        sum += Math.sqrt(a.reduce((total, value, c) => total + (value - (b[c] ?? NaN)) ** 2, 0));
        count++;
      }
  }
  return sum / count;
}

const metadata = { encoder: JSON.stringify(config), normalise: JSON.stringify(normalise) };

test('the score of a plain loop over an exported encoder, 0 for one image twice', async () => {
  const file = join(folder, 'encoder.safetensors');
  await exportEncoder(file, encoder, weights, metadata);
  const { scorer, close } = await openFeatureScorer(file);
  const [first, second] = [image('first'), image('second')];
  const scores = await scoresBy(scorer, first, second);
  expect(scores['features']).toBeCloseTo(await slowScore([first, second]), 5);
  expect(scores['features']).toBeGreaterThan(0.05);
  expect(scores['featuresP90']).toBeGreaterThanOrEqual(scores['features'] ?? NaN);
  expect(await scoresBy(scorer, first, first)).toEqual({ features: 0, featuresP90: 0 });
  const map = await scorer.map(first, second);
  expect([map.rows, map.columns, map.cell]).toEqual([4, 4, 8]);
  close();
});

test("a run's own weights, by the config.json beside them", async () => {
  const own = join(folder, 'encoder of a run.safetensors');
  await saveWeights(own, flattenTree({ params: weights.params, stats: weights.stats }));
  await expect(openFeatureScorer(own)).rejects.toThrow(
    `${own}: expected weights that tell their encoder`,
  );
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ encoder: config, normalise, method: { name: 'moco' } }),
  );
  const { scorer, close } = await openFeatureScorer(own);
  const pair = [image('first'), image('second')] as const;
  expect((await scoresBy(scorer, ...pair))['features']).toBeCloseTo(await slowScore(pair), 5);
  close();
});

test('what is no encoder is refused by its name', async () => {
  const file = join(folder, 'text.safetensors');
  writeFileSync(file, 'no weights');
  await expect(openFeatureScorer(file)).rejects.toThrow(`${file}: expected`);
  const wrong = join(folder, 'wrong.safetensors');
  await exportEncoder(wrong, encoder, weights, { ...metadata, encoder: '{"depth":11}' });
  await expect(openFeatureScorer(wrong)).rejects.toThrow(`${wrong} encoder.depth: `);
});
