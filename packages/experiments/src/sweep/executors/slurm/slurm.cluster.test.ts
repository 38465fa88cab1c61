// A real SLURM of three nodes; runs are stand-ins, quick or slow.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startSlurm, type SlurmCluster } from '../../../fixtures/slurm-cluster.ts';
import { recipe } from '../../../recipes/registry.ts';
import { planSweep, type PlannedRun, type SweepPlan } from '../../plan.ts';
import { prepareSweep } from '../../prepare.ts';
import { byEngine, type DriverOptions } from '../driver.ts';
import { slurm } from './slurm.ts';

let cluster: SlurmCluster;
beforeAll(() => {
  cluster = startSlurm(5);
  for (const [name, value] of Object.entries(cluster.env)) vi.stubEnv(name, value);
}, 120_000);
afterAll(() => {
  cluster.stop();
  vi.unstubAllEnvs();
}, 30_000);

const program = new URL('../../../fixtures/engine-run.mjs', import.meta.url);
const clean = recipe('smoke');

/** A sweep whose runs lie ready in their folders. */
async function planned(seeds: number): Promise<SweepPlan> {
  const out = mkdtempSync(join(tmpdir(), 'slurm-sweep-'));
  const plan = planSweep({ ...clean, seeds }, out);
  await (await prepareSweep(plan)).release();
  return plan;
}
const engineOf = ({ out }: SweepPlan) => {
  const engine = slurm({ out, flags: ['--time=10'], threads: 1, memoryMiB: 100, program });
  return { ...engine, every: 500 };
};

/** Drives runs until they have ended or it is stopped. */
function drive(plan: SweepPlan, runs: readonly PlannedRun[], options: Partial<DriverOptions> = {}) {
  const ended: string[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  const stop = new AbortController();
  const how = { lookEvery: 100, latency: 1000, onNote: (line: string) => notes.push(line) };
  const watcher = {
    start: () => undefined,
    update: ({ name }: PlannedRun) => seen.add(name),
    end: ({ name }: PlannedRun, error?: string) => ended.push(`${name}: ${error ?? 'done'}`),
  };
  const executor = byEngine(engineOf(plan), { ...how, ...options });
  return { ended, notes, seen, stop, done: executor.execute(runs, watcher, stop.signal) };
}

const journal = ({ folder }: PlannedRun) =>
  readFileSync(join(folder, 'journal.txt'), 'utf8').trim().split('\n');
const commandOf = (name: string, ...args: string[]) =>
  execFileSync(name, args, { encoding: 'utf8' });

test('runs are done in arrays as long as the cluster takes; one that fails is told', async () => {
  const plan = await planned(2);
  const [failing] = plan.runs.filter(({ config }) => config.seed === 1);
  const { ended, notes, seen, done } = drive(plan, plan.runs);
  await done;
  const ofSeed = (seed: number) => plan.runs.filter(({ config }) => config.seed === seed);
  const log = join(failing?.folder ?? '', 'log.txt');
  expect(ended.sort()).toEqual(
    [
      ...ofSeed(0).map(({ name }) => `${name}: done`),
      ...ofSeed(1).map(
        ({ name, folder }) =>
          `${name}: exit code 7: Error: the loss went up (${join(folder, 'log.txt')})`,
      ),
    ].sort(),
  );
  expect(existsSync(log)).toBe(true);
  expect(notes).toEqual([`0 with SLURM already, ${plan.runs.length} handed over`]);
  expect(seen.size).toBeGreaterThan(0);
  for (const run of ofSeed(0)) expect(journal(run)).toEqual(['start 0', 'end']);
  const lists = readdirSync(join(plan.out, 'slurm')).filter((name) => name.endsWith('.txt'));
  expect(lists.length).toBe(Math.ceil(plan.runs.length / 4));
}, 60_000);

test('watched again, nothing is done twice; requeued, it goes on where it was', async () => {
  const plan = await planned(3);
  const [slow] = plan.runs.filter(({ config }) => config.seed === 2);
  if (!slow) expect.fail();
  const first = drive(plan, [slow], { detach: true });
  await first.done;
  expect(first.notes).toEqual(['0 with SLURM already, 1 handed over']);
  await vi.waitFor(
    () => {
      expect(existsSync(join(slow.folder, 'checkpoint.json'))).toBe(true);
    },
    {
      timeout: 20_000,
    },
  );
  const second = drive(plan, [slow]);
  await vi.waitFor(() => {
    expect(second.seen.size).toBe(1);
  }, 10_000);
  second.stop.abort();
  await second.done;
  expect([second.ended, second.notes]).toEqual([[], ['1 with SLURM already, 0 handed over']]);
  // as before the time limit
  const id = commandOf('squeue', '-h', '-o', '%A').trim();
  commandOf('scancel', '--signal=USR1', '--batch', id);
  const third = drive(plan, [slow]);
  await third.done;
  expect(third.ended).toEqual([`${slow.name}: done`]);
  expect(third.notes).toEqual(['1 with SLURM already, 0 handed over']);
  const [, left = '', ...rest] = journal(slow);
  const step = /^leaves 75 at (\d+)$/.exec(left)?.[1];
  expect(rest).toEqual([`start ${step ?? '?'}`, 'end']);
}, 90_000);

test('cancelled runs stop at a checkpoint, and are handed over again when asked for', async () => {
  const plan = await planned(3);
  const [slow] = plan.runs.filter(({ config }) => config.seed === 2);
  if (!slow) expect.fail();
  await drive(plan, [slow], { detach: true }).done;
  await vi.waitFor(
    () => {
      expect(existsSync(join(slow.folder, 'checkpoint.json'))).toBe(true);
    },
    {
      timeout: 20_000,
    },
  );
  const engine = engineOf(plan);
  await engine.cancel([slow]);
  await vi.waitFor(() => {
    expect(journal(slow).at(-1)).toMatch(/^leaves 143 at \d+$/);
  }, 10_000);
  await vi.waitFor(async () => {
    expect([...(await engine.states([slow])).values()]).toEqual([{ is: 'gone' }]);
  }, 20_000);
}, 60_000);

test('a cluster that is not there is named', async () => {
  const plan = await planned(1);
  vi.stubEnv('PATH', '/nowhere');
  const check = engineOf(plan).check();
  vi.stubEnv('PATH', cluster.env['PATH'] ?? '');
  await expect(check).rejects.toThrow(
    "--on slurm: expected SLURM's command scontrol, got none on this machine",
  );
});
