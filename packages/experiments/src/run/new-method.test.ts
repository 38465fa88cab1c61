// A method that no other file has heard of, with a head of a name of its own.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entry2d, tf, valueAndGradients, type Scalar, type Tensor2D } from '@noisy-pairs/engine';
import { resnet, type Encoder, type Method } from '@noisy-pairs/models';
import { pretrain } from '@noisy-pairs/training';
import { expect, test } from 'vitest';
import type { RunConfig } from '../config/run-config.ts';
import { openRunData } from '../data/open-data.ts';
import { embedRun } from '../embedding/embed-run.ts';
import { smoke } from '../recipes/vts/smoke.ts';
import { exportRun } from './encoder-export.ts';
import { readInit } from './init-weights.ts';
import type { RunResult } from './result/run-result.ts';

/** Tells the mean colour of one view from the features of the other. */
function colourist(encoder: Encoder): Method {
  return {
    name: 'colourist',
    encoder,
    chanceLoss: undefined,
    randomLoss: undefined,
    config: {},
    needsFrame: false,
    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      const head = { 'crystal-ball.weight': tf.zeros([encoder.channels, 3]) };
      return { query: { ...params, ...head }, queryStats: stats };
    },
    forward: ({ query: start, queryStats }, { query, key }) =>
      tf.tidy(() => {
        const { loss, aux, gradients } = valueAndGradients((params) => {
          const { y, stats } = encoder.apply(params, queryStats, query, true);
          const pooled = y.mean<Tensor2D>([1, 2]); // [B, C]
          const told = pooled.matMul(entry2d(params, 'crystal-ball.weight')); // [B, 3]
          const featureStd = pooled.sub(pooled.mean(0, true)).square().mean().sqrt();
          const missed = told.sub(key.mean([1, 2]));
          return { loss: missed.square().mean<Scalar>(), aux: { queryStats: stats, featureStd } };
        }, start);
        const { featureStd } = aux;
        return {
          gradients,
          updates: { queryStats: aux.queryStats },
          metrics: { loss, featureStd },
        };
      }),
  };
}

const [{ base } = expect.fail()] = smoke().panels;
const config: RunConfig = {
  recipe: 'new-method',
  ...base,
  kind: 'pretrained',
  seed: 0,
  imageNoise: 0.5,
  noisyShare: 1,
  filter: 'none',
};
const timeout = 120_000; // cores may be shared

test(
  'a run of it is exported, looked at and begun with, its head left out',
  { timeout },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'new-method-'));
    const encoder = resnet(config.encoder);
    const { pairs } = await openRunData(config);
    const { steps, ...settings } = config.pretrain;
    const { encoder: trained } = await pretrain({
      ...settings,
      method: colourist(encoder),
      normalise: config.normalise,
      seed: 0,
      out,
      source: pairs,
      noisyShare: 1,
      views: config.views,
      length: { steps },
    });
    expect(Object.keys(trained.params)).toContain('crystal-ball.weight');
    const own = join(out, 'encoder.safetensors');
    expect(readFileSync(own).toString('latin1')).toContain('params/crystal-ball.weight');

    writeFileSync(
      join(out, 'config.json'),
      JSON.stringify({ ...config, method: { name: 'colourist' } }),
    );
    const exported = join(out, 'exported.safetensors');
    await exportRun({ run: out, format: 'safetensors', out: exported, force: false });
    expect(readFileSync(exported).toString('latin1')).not.toContain('crystal-ball');

    for (const file of [own, exported]) {
      const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
      const begun = await readInit({ file, sha256 }, encoder);
      for (const [name, tensor] of Object.entries(begun.params))
        expect(tensor.dataSync()).toEqual(trained.params[name]?.dataSync());
      expect(Object.keys(begun.params)).not.toContain('crystal-ball.weight');
    }

    const { sections } = await embedRun({
      run: out,
      finished: { config, result: { segmentation: { meanIou: 0.5 } } as RunResult },
      points: 12,
      neighbours: 4,
      seed: 0,
    });
    expect(sections.map(({ plots }) => plots.length)).toEqual([2, 2]);
  },
);
