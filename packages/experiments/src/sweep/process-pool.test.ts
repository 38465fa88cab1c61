import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandGrid, runsOf, type NamedRun } from './grid.ts';
import { runAll, type PoolOptions } from './process-pool.ts';
import { recipe } from '../recipes/registry.ts';

/** Runs whose seed tells the fake program what to do, numbered by their image noise. */
function runs(seeds: readonly number[]): NamedRun[] {
  const { config } = runsOf(expandGrid(recipe('smoke')))[0] as NamedRun;
  return seeds.map((seed, i) => ({
    name: `run${i}`,
    config: { ...config, seed, imageNoise: i / 10 },
  }));
}
function pool(list: NamedRun[], over: Partial<PoolOptions> = {}) {
  const out = mkdtempSync(join(tmpdir(), 'pool-'));
  const options: PoolOptions = {
    runs: list,
    folderOf: ({ name }) => join(out, name),
    processes: 2,
    program: new URL('../fixtures/fake-run.mjs', import.meta.url),
    ...over,
  };
  return {
    out,
    done: runAll(options),
    journal: () => readFileSync(join(out, 'journal.txt'), 'utf8').trim().split('\n'),
  };
}

test('all runs are done, never more at once than allowed, and their progress is passed on', async () => {
  const seen: string[] = [];
  const { done, journal } = pool(runs([0, 0, 0, 0, 0]), {
    onProgress: ({ name }, { step }) => {
      seen.push(`${name} ${step}`);
    },
  });
  expect(await done).toEqual([]);
  let open = 0,
    most = 0;
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
      onEnd: ({ name }, error) => {
        ended.push(`${name}: ${error ?? 'ok'}`);
      },
    });
    expect((await done).map(({ run: { name }, error }) => [name, error])).toEqual([
      ['run0', 'exit code 7: Error: the loss went up'],
      ['run2', 'killed by SIGKILL: no output'],
    ]);
    expect(ended.sort()).toEqual([
      'run0: exit code 7: Error: the loss went up',
      'run1: ok',
      'run2: killed by SIGKILL: no output',
      'run3: ok',
    ]);
    expect(readFileSync(join(out, 'run0', 'log.txt'), 'utf8')).toContain('the loss went up');
    expect(JSON.parse(readFileSync(join(out, 'run0', 'config.json'), 'utf8'))).toMatchObject({
      seed: 1,
    });
  },
);

test('a signal stops what is under way and starts nothing more', async () => {
  const stop = new AbortController();
  const started: string[] = [];
  const { done } = pool(runs([2, 2, 0]), {
    signal: stop.signal,
    onStart: ({ name }) => {
      started.push(name);
    },
    onProgress: () => {
      stop.abort();
    },
  });
  await done;
  expect(started).toEqual(['run0', 'run1']);
});
