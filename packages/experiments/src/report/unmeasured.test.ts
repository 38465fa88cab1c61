// Data without labels: a kind that knows nothing but pairs.
import { existsSync, mkdtempSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { configHash } from '../config/run-config.ts';
import type { Panel, SweepConfig } from '../config/sweep-config.ts';
import type { DataConfig } from '../data/data-config.ts';
import { recipe } from '../recipes/registry.ts';
import type { RunResult } from '../run/result/run-result.ts';
import { collectSweep } from '../sweep/collect.ts';
import { planSweep } from '../sweep/plan.ts';
import { resultTable } from './tables/table.ts';

vi.mock('../data/kinds.ts', async (original) => ({
  ...(await original<object>()),
  ...(await import('../fixtures/pairs-only.ts')),
}));

/** The smoke recipe on pairs without labels. */
function pairsOnly(): SweepConfig {
  const smoke = recipe('smoke');
  const data = { kind: 'pairs-only', size: 32, pairs: 64 } as unknown as DataConfig;
  const panels = smoke.panels.map((panel): Panel => ({ ...panel, base: { ...panel.base, data } }));
  return { ...smoke, panels };
}

const result = (hash: string, learned: boolean): RunResult => ({
  configHash: hash,
  pretraining: {
    steps: 24,
    finalLoss: 3,
    featureStd: 0.9,
    chanceLoss: 4,
    randomLoss: 4.1,
    learned,
    seconds: 1,
  },
  seconds: 2,
  environment: {
    node: 'v0',
    tensorflow: '0',
    cpu: 'none',
    threads: 1,
    steps: 'compiled',
    precision: 'float32',
  },
});

test('runs without a metric are planned without bounds, and reported as not measured', async () => {
  const out = mkdtempSync(join(tmpdir(), 'unmeasured-'));
  const plan = planSweep(pairsOnly(), out);
  expect(plan.runs.map(({ name }) => name)).toEqual([
    'clean-seed0',
    'r0.5-share1-seed0',
    'clean-seed1',
    'r0.5-share1-seed1',
  ]);
  for (const { folder, config } of plan.runs) {
    mkdirSync(folder, { recursive: true });
    const learned = config.seed === 0;
    writeFileSync(join(folder, 'result.json'), JSON.stringify(result(configHash(config), learned)));
    const line = { step: 24, loss: 3, featureStd: 0.9 };
    writeFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
  }

  const { summary, verdicts, failed } = await collectSweep(plan, 'the command');
  expect(failed).toEqual([]);
  expect(verdicts).toEqual([
    'Noisy pairs against clean pairs: not measured.',
    'Not learned (loss at chance, or features collapsed): clean pairs (1 of 2 runs); ' +
      'noise 0.5, noisy share 1 (1 of 2 runs).',
  ]);
  const [panel] = summary.panels;
  if (!panel) expect.fail();
  expect('metric' in panel).toBe(false);
  expect(resultTable(panel)).toEqual({
    head: ['encoder', 'runs'],
    rows: [
      ['clean pairs', '2, 1 not learned'],
      ['noise 0.5, noisy share 1', '2, 1 not learned'],
    ],
  });
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toContain('measured by nothing, as the data have no labels');
  expect(report).toContain('Not measured: the data have no labels.');
  expect(report.match(/<svg/g)?.length).toBe(1); // the curves
  expect(report).not.toMatch(/NaN|undefined|Infinity/);
  expect(existsSync(join(out, 'plot.svg'))).toBe(false);
  const results = readFileSync(join(out, 'results.csv'), 'utf8').trim().split('\n');
  expect(results.slice(1).map((line) => line.split(',')[9])).toEqual(
    plan.runs.flatMap(() => ['pretrainingLoss', 'featureStd']),
  );
});
