import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { expect, test, vi } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { runConfig, type RunConfig } from '../config/run-config.ts';
import { dataKinds } from '../data/data-config.ts';
import { pairsOnly } from '../fixtures/pairs-only.ts';
import { smoke } from '../recipes/vts/smoke.ts';
import { readFinishedRun } from './result/finished-run.ts';
import { executeRun } from './run.ts';

vi.mock('../data/kinds.ts', async (original) => ({
  ...(await original<object>()),
  ...(await import('../fixtures/pairs-only.ts')),
}));

const [panel = expect.fail()] = smoke().panels;
const timeout = 120_000; // cores may be shared
const configOf = (change: Partial<RunConfig> = {}): RunConfig =>
  parseConfig(
    runConfig,
    {
      recipe: 'pairs-only',
      ...panel.base,
      data: { kind: 'pairs-only', size: 32, pairs: 64 },
      monitor: { ...panel.base.monitor, everyEpochs: 0 },
      kind: 'pretrained',
      seed: 0,
      imageNoise: 0.5,
      noisyShare: 1,
      filter: 'none',
      ...change,
    },
    'config',
  );
const temporary = () => mkdtempSync(join(tmpdir(), 'pairs-only-'));

test('a run on pairs alone pretrains, and measures nothing', { timeout }, async () => {
  expect(dataKinds).toContain(pairsOnly);
  const out = temporary();
  const stages = new Set<string>();
  const result = await executeRun(configOf(), out, {
    onProgress: ({ stage }) => stages.add(stage),
  });
  expect([...stages]).toEqual(['pretraining']);
  expect(result.pretraining?.steps).toBe(24);
  expect([result.segmentation, result.classification, result.damage]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(existsSync(join(out, 'encoder.safetensors'))).toBe(true);
  expect((await readMetrics(join(out, 'metrics.jsonl'))).at(-1)).toMatchObject({ step: 24 });
  expect(readFinishedRun(out).config).toEqual(configOf());
  expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);
});

test('the bound without pretraining is an encoder; one with labels cannot be', async () => {
  const out = temporary();
  const result = await executeRun(configOf({ kind: 'random' }), out, {});
  expect(Object.keys(result)).toEqual([
    'configHash',
    'seconds',
    'environment',
    'files',
    'resultHash',
  ]);
  expect(existsSync(join(out, 'encoder.safetensors'))).toBe(true);
  await expect(executeRun(configOf({ kind: 'supervised' }), temporary(), {})).rejects.toThrow(
    'kind: expected pretrained or random on data without labels, got supervised',
  );
});

test('a monitor has nothing to look up', async () => {
  const { monitor } = panel.base;
  await expect(executeRun(configOf({ monitor }), temporary(), {})).rejects.toThrow(
    'monitor.everyEpochs: expected 0 on data without labels, got 2',
  );
});
