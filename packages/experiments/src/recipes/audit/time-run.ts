import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import type { RunConfig } from '../../config/run-config.ts';
import { readResult } from '../../run/result/run-result.ts';
import { runProcess } from '../../sweep/executors/run-process.ts';
import type { SweepPlan } from '../../sweep/plan.ts';

/** Steps that are timed. */
const steps = 20;

/**
 * Seconds that a sweep takes with so many processes, from a run of a few steps, whose head is
 * trained for one epoch. It tells the order of magnitude.
 * @throws with what that run died of
 */
export async function timeSweep({ runs }: SweepPlan, processes: number): Promise<number> {
  const first = runs.find(({ config }) => config.kind === 'pretrained');
  if (!first) throw new Error('runs: expected one that is pretrained, got none');
  const { config } = first;
  const [rate = 0.1] = config.head.learningRates;
  const short: RunConfig = {
    ...config,
    pretrain: { ...config.pretrain, steps, holdSteps: 0, warmupSteps: 1, logEvery: steps },
    head: { ...config.head, epochs: 1, learningRates: [rate] },
    predictions: 0,
  };
  const folder = mkdtempSync(join(tmpdir(), 'noisy-pairs-timed-'));
  try {
    await writeFileAtomic(join(folder, 'config.json'), JSON.stringify(short));
    const planned = { ...first, config: short, folder };
    const error = await runProcess(planned, () => undefined, new AbortController().signal, {});
    const result = readResult(folder, short);
    if (error !== undefined || !result) throw new Error(error ?? `${folder}: expected a result`);
    const step = (result.pretraining?.seconds ?? 0) / steps;
    const epoch = (result.segmentation ?? result.classification)?.seconds ?? 0;
    const pretrained = runs.filter((run) => run.config.kind === 'pretrained').length;
    const { epochs, learningRates } = config.head;
    const head = epoch * epochs * learningRates.length;
    return (pretrained * config.pretrain.steps * step + runs.length * head) / processes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
