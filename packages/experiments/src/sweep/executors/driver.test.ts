// The driver alone: the engine is made up, and forgets or refuses as it is told.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash } from '../../config/run-config.ts';
import { finish } from '../../fixtures/made-up-runs.ts';
import { recipe } from '../../recipes/registry.ts';
import { planSweep, type PlannedRun } from '../plan.ts';
import { prepareSweep } from '../prepare.ts';
import { byEngine } from './driver.ts';
import type { Engine, RunState } from './engine.ts';

async function someRuns(): Promise<readonly PlannedRun[]> {
  const plan = planSweep(recipe('smoke'), mkdtempSync(join(tmpdir(), 'driver-')));
  await (await prepareSweep(plan)).release();
  return plan.runs;
}

function leaveResult(run: PlannedRun): void {
  const { result } = finish(run, 0.5);
  const json = JSON.stringify({ ...result, configHash: configHash(run.config) });
  writeFileSync(join(run.folder, 'result.json'), json);
}

interface MadeUp {
  /** Takes runs; returns those that it takes. */
  readonly submit: (runs: readonly PlannedRun[]) => readonly PlannedRun[];
  readonly state: (run: PlannedRun) => RunState;
}

async function drive(runs: readonly PlannedRun[], { submit, state }: MadeUp) {
  const engine: Engine = {
    name: 'Engine',
    every: 5,
    check: () => Promise.resolve(),
    submit: (some) => Promise.resolve(submit(some)),
    states: (some) =>
      new Promise((resolve) => {
        resolve(new Map(some.map((run) => [run.name, state(run)])));
      }),
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const ended: string[] = [];
  const notes: string[] = [];
  const how = { lookEvery: 5, latency: 20, onNote: (line: string) => notes.push(line) };
  const watcher = {
    start: () => undefined,
    update: () => undefined,
    end: ({ name }: PlannedRun, error?: string) => ended.push(`${name}: ${error ?? 'done'}`),
  };
  await byEngine(engine, how).execute(runs, watcher, new AbortController().signal);
  return { ended, notes };
}

test('a run that is lost is handed over again three times, then given up with a line', async () => {
  const [lost, good] = await someRuns();
  if (!lost || !good) expect.fail();
  const taken: string[] = [];
  const { ended, notes } = await drive([lost, good], {
    submit(runs) {
      taken.push(...runs.map(({ name }) => name));
      if (runs.includes(good)) leaveResult(good);
      return runs;
    },
    state: () => ({ is: 'gone' }),
  });
  expect(taken.filter((name) => name === lost.name).length).toBe(4);
  expect(taken.filter((name) => name === good.name).length).toBe(1);
  expect(ended).toEqual([
    `${good.name}: done`,
    `${lost.name}: lost by Engine more than 3 times, see ${join(lost.folder, 'log.txt')}`,
  ]);
  const again = `${lost.name}: lost by Engine, handed over again`;
  expect(notes).toEqual(['0 with Engine already, 2 handed over', again, again, again]);
});

test('what an engine does not take yet is handed over later, in order', async () => {
  const runs = (await someRuns()).slice(0, 5);
  const taken: string[] = [];
  let withEngine: readonly PlannedRun[] = [];
  const { ended, notes } = await drive(runs, {
    submit(some) {
      withEngine = some.slice(0, 2);
      taken.push(...withEngine.map(({ name }) => name));
      withEngine.forEach(leaveResult);
      return withEngine;
    },
    state: (run) => ({ is: withEngine.includes(run) ? 'running' : 'gone' }),
  });
  expect(taken).toEqual(runs.map(({ name }) => name));
  expect(ended).toEqual(runs.map(({ name }) => `${name}: done`));
  expect(notes).toEqual(['0 with Engine already, 5 handed over', '3 wait for Engine to take more']);
});

test('an engine that does not answer for a while is waited for, and said once', async () => {
  const [run] = await someRuns();
  if (!run) expect.fail();
  let asked = 0;
  const { ended, notes } = await drive([run], {
    submit: (runs) => runs,
    state() {
      asked += 1;
      if (asked > 1 && asked < 5) throw new Error('the line\nis cut');
      if (asked === 6) leaveResult(run);
      return { is: 'running' };
    },
  });
  expect(ended).toEqual([`${run.name}: done`]);
  expect(notes).toEqual([
    '1 with Engine already, 0 handed over',
    'Engine does not answer, the runs go on: the line is cut',
  ]);
});
