import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flattenTree } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { resnet, saveWeights, type EncoderConfig } from '@noisy-pairs/models';
import { expect, test } from 'vitest';
import { exportRun } from './encoder-export.ts';

test("the groups of a run's batch norm go along with its encoder", async () => {
  const encoder: EncoderConfig = {
    depth: 10,
    width: 2,
    stem: 'half',
    strides: [2],
    batchNormGroups: 4,
  };
  const normalise = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };
  const run = mkdtempSync(join(tmpdir(), 'export-'));
  writeFileSync(join(run, 'config.json'), JSON.stringify({ encoder, normalise }));
  const { params, stats } = resnet(encoder).init(Random.from(0));
  const tensors = flattenTree({ params, stats });
  await saveWeights(join(run, 'encoder.safetensors'), tensors);

  const out = join(run, 'exported.safetensors');
  const exported = await exportRun({ run, format: 'safetensors', out, force: false });
  expect(exported.encoder).toEqual(encoder);
  const file = readFileSync(out);
  const header = file.subarray(8, 8 + file.readUInt32LE(0)).toString();
  const { __metadata__ } = JSON.parse(header) as { __metadata__: Record<string, string> };
  expect(JSON.parse(__metadata__['encoder'] ?? '')).toEqual(encoder);
});
