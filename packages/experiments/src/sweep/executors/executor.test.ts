import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash, runConfig } from '../../config/run-config.ts';
import { finish } from '../../fixtures/made-up-runs.ts';
import { recipe } from '../../recipes/registry.ts';
import { collectSweep } from '../collect.ts';
import { executeSweep, type Executor } from './executor.ts';
import { planSweep } from '../plan.ts';
import { prepareSweep } from '../prepare.ts';

/** An executor of elsewhere: it knows runs by their folders, and some of them are lost. */
const elsewhere = (lost: (name: string) => boolean): Executor => ({
  title: 'elsewhere',
  execute(runs, watcher) {
    for (const run of runs) {
      watcher.start(run);
      const text = readFileSync(join(run.folder, 'config.json'), 'utf8');
      const config = runConfig.parse(JSON.parse(text));
      const { result } = finish({ name: run.name, config }, 0.5);
      const json = JSON.stringify({ ...result, configHash: configHash(config) });
      if (!lost(run.name)) writeFileSync(join(run.folder, 'result.json'), json);
      watcher.end(run, undefined);
    }
    return Promise.resolve();
  },
});
const unheard = { start: () => undefined, update: () => undefined, end: () => undefined };
const signal = new AbortController().signal;

test('runs are done by their folders alone; results are the truth, not what is said', async () => {
  const plan = planSweep(recipe('smoke'), mkdtempSync(join(tmpdir(), 'executor-')));
  const lost = (name: string) => name.startsWith('clean');
  const first = await prepareSweep(plan);
  await executeSweep(first.open, elsewhere(lost), unheard, signal);
  await first.release();
  const part = await collectSweep(plan, 'command');
  expect(part.failed.map(({ name }) => name)).toEqual(['clean-seed0', 'clean-seed1']);
  expect(part.verdicts.at(-1)).toBe('Missing: clean-seed0, clean-seed1.');

  const again = await prepareSweep(plan);
  expect(again.open.map(({ name }) => name)).toEqual(['clean-seed0', 'clean-seed1']);
  await executeSweep(
    again.open,
    elsewhere(() => false),
    unheard,
    signal,
  );
  await again.release();
  expect((await collectSweep(plan, 'command')).failed).toEqual([]);
});

test('a sweep that was stopped says how to go on, one without results where to look', async () => {
  const plan = planSweep(recipe('smoke'), mkdtempSync(join(tmpdir(), 'executor-')));
  const { open, ...prepared } = await prepareSweep(plan);
  await expect(
    executeSweep(
      open,
      elsewhere(() => true),
      unheard,
      AbortSignal.abort(),
    ),
  ).rejects.toThrow('stopped; the same command goes on from the checkpoints');
  await prepared.release();
  const log = join(plan.out, 'runs', 'random-seed0', 'log.txt');
  await expect(collectSweep(plan, 'command')).rejects.toThrow(
    `expected finished runs, got none: no log; see ${log}`,
  );
});
