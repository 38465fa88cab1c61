import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandGrid, runsOf, type NamedRun } from '../grid.ts';
import { localProcesses } from './local-processes.ts';
import type { RunWatcher } from './executor.ts';
import { recipe } from '../../recipes/registry.ts';

/** Runs whose seed tells the fake program what to do, numbered by their image noise. */
function runs(seeds: readonly number[]): NamedRun[] {
  const { config } = runsOf(expandGrid(recipe('smoke')))[0] as NamedRun;
  return seeds.map((seed, i) => ({
    name: `run${i}`,
    config: { ...config, seed, imageNoise: i / 10 },
  }));
}
interface PoolOptions extends Partial<RunWatcher> {
  readonly signal?: AbortSignal;
}
function pool(list: NamedRun[], { signal, ...watcher }: PoolOptions = {}) {
  const out = mkdtempSync(join(tmpdir(), 'pool-'));
  const planned = list.map((run) => ({ ...run, folder: join(out, run.name) }));
  for (const { folder, config } of planned) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  }
  const program = new URL('../../fixtures/fake-run.mjs', import.meta.url);
  const nobody = { start: () => undefined, update: () => undefined, end: () => undefined };
  return {
    out,
    done: localProcesses({ processes: 2, program }).execute(
      planned,
      { ...nobody, ...watcher },
      signal ?? new AbortController().signal,
    ),
    journal: () => readFileSync(join(out, 'journal.txt'), 'utf8').trim().split('\n'),
  };
}

test('all runs are done, never more at once than allowed, and progress is passed on', async () => {
  const seen: string[] = [];
  const failures: unknown[] = [];
  const { done, journal } = pool(runs([0, 0, 0, 0, 0]), {
    update: ({ name }, { step }) => {
      seen.push(`${name} ${step}`);
    },
    end: (_, error) => {
      if (error !== undefined) failures.push(error);
    },
  });
  await done;
  expect(failures).toEqual([]);
  let open = 0;
  let most = 0;
  for (const line of journal()) most = Math.max(most, (open += line.startsWith('start') ? 1 : -1));
  expect(most).toBe(2);
  expect(journal().filter((line) => line.startsWith('end')).length).toBe(5);
  expect(seen.sort()).toEqual(['run0 1', 'run1 1', 'run2 1', 'run3 1', 'run4 1']);
});

test(
  'a run that crashes or is killed is reported with its reason and its log kept, and the others ' +
    'go on',
  async () => {
    const ended: string[] = [];
    const { out, done } = pool(runs([1, 0, 3, 0]), {
      end: ({ name }, error) => {
        ended.push(`${name}: ${error ?? 'ok'}`);
      },
    });
    await done;
    expect(ended.sort()).toEqual([
      'run0: exit code 7: Error: the loss went up',
      'run1: ok',
      'run2: killed by SIGKILL: no output',
      'run3: ok',
    ]);
    expect(readFileSync(join(out, 'run0', 'log.txt'), 'utf8')).toContain('the loss went up');
  },
);

test('a signal stops what is under way and starts nothing more', async () => {
  const stop = new AbortController();
  const started: string[] = [];
  const { done } = pool(runs([2, 2, 0]), {
    signal: stop.signal,
    start: ({ name }) => {
      started.push(name);
    },
    update: () => {
      stop.abort();
    },
  });
  await done;
  expect(started).toEqual(['run0', 'run1']);
});
