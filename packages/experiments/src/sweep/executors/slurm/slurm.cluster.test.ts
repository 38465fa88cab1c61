// A real SLURM of three nodes; runs are stand-ins. It is told of a node that is gone after 10 s.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startSlurm, type SlurmCluster } from '../../../fixtures/slurm-cluster.ts';
import {
  drive,
  journal,
  standIn,
  standInSweep,
  startsOf,
  tell,
  until,
  untilCheckpoint,
  untilStarts,
} from '../../../fixtures/stand-in-sweep.ts';
import type { PlannedRun } from '../../plan.ts';
import { slurm, type SlurmOptions } from './slurm.ts';

let cluster: SlurmCluster;
beforeAll(() => {
  cluster = startSlurm(5);
  for (const [name, value] of Object.entries(cluster.env)) vi.stubEnv(name, value);
}, 120_000);
afterAll(() => {
  cluster.stop();
  vi.unstubAllEnvs();
}, 60_000);

const engineOf = (out: string, options: Partial<SlurmOptions> = {}) =>
  slurm({ out, flags: ['--time=10'], threads: 1, memoryMiB: 100, program: standIn, ...options });
const done = ({ name }: PlannedRun) => `${name}: done`;
const does = (name: string, ...args: string[]) => execFileSync(name, args, { encoding: 'utf8' });
const queue = (format: string) => does('squeue', '-h', '-r', '-o', format).trim();

/** A run that goes on until it is told, under way; with its sweep's engine and what drives it. */
async function underWay(options: Partial<SlurmOptions> = {}) {
  const { out, one } = await standInSweep();
  const run = one('untilTold');
  const engine = engineOf(out, options);
  const driven = drive(engine, [run], { latency: 5000 });
  await untilCheckpoint(run);
  return { run, engine, driven };
}

/** Lets a run end that has been started a second time; it went on from where it was. */
async function endOfSecond(run: PlannedRun, driven: ReturnType<typeof drive>): Promise<void> {
  await untilStarts(run, 2);
  await untilCheckpoint(run);
  tell(run);
  await driven.done;
  expect(driven.ended).toEqual([done(run)]);
  expect(driven.notes).toEqual(['0 with SLURM already, 1 handed over']);
  expect(startsOf(run)).toEqual(['start 0', expect.stringMatching(/^start [1-9]/)]);
  expect(journal(run).filter((line) => line === 'end')).toEqual(['end']);
}

test('20 runs in arrays of 4, as MaxArraySize 5 has it; those that fail are told', async () => {
  const { out, all } = await standInSweep();
  const runs = [...all('quick'), ...all('failing'), ...all('killed')];
  const engine = engineOf(out);
  const { ended, notes, seen, done: end } = drive(engine, runs);
  await end;
  const log = ({ folder }: PlannedRun) => join(folder, 'log.txt');
  expect(ended.sort()).toEqual(
    [
      ...all('quick').map(done),
      ...all('failing').map(
        (run) => `${run.name}: exit code 7: Error: the loss went up (${log(run)})`,
      ),
      ...all('killed').map((run) => `${run.name}: exit code 137: no output (${log(run)})`),
    ].sort(),
  );
  expect(notes).toEqual(['0 with SLURM already, 20 handed over']);
  expect(seen.size).toBeGreaterThan(0);
  for (const run of all('quick')) expect(journal(run)).toEqual(['start 0', 'end']);
  const lists = readdirSync(join(out, 'slurm')).filter((name) => name.endsWith('.txt'));
  expect(lists.length).toBe(5);
}, 90_000);

test('a driver that is gone is taken up, and nothing is done twice', async () => {
  const { run, engine, driven } = await underWay();
  driven.stop.abort();
  await driven.done;
  expect(driven.ended).toEqual([]);
  const second = drive(engine, [run]);
  await until(() => second.seen.size === 1);
  tell(run);
  await second.done;
  expect([second.ended, second.notes]).toEqual([
    [done(run)],
    ['1 with SLURM already, 0 handed over'],
  ]);
  expect(journal(run)).toEqual(['start 0', 'end']);
}, 90_000);

test('told of its time limit by USR1, a run stops at a checkpoint and is queued anew', async () => {
  const { run, driven } = await underWay();
  does('scancel', '--signal=USR1', '--batch', queue('%A'));
  await endOfSecond(run, driven);
  const [, left = '', again] = journal(run);
  expect(again).toBe(`start ${/^leaves 75 at (\d+)$/.exec(left)?.[1] ?? '?'}`);
}, 90_000);

test('scontrol requeue, and preemption by a partition of a higher tier', async () => {
  const { run, driven } = await underWay();
  does('scontrol', 'requeue', queue('%F_%K'));
  await endOfSecond(run, driven);
  expect(journal(run)[1]).toMatch(/^leaves 143 at \d+$/);

  const low = await underWay();
  const urgent = ['--parsable', '--partition=urgent', '--nodes=3', '--exclusive', '--time=1'];
  const job = does('sbatch', ...urgent, '--output=/dev/null', '--wrap=sleep 1').trim();
  await endOfSecond(low.run, low.driven);
  expect(journal(low.run)[1]).toMatch(/^leaves 143 at \d+$/);
  expect(does('scontrol', 'show', 'job', job)).toContain('JobState=COMPLETED');
}, 120_000);

test('a node that is not heard of: its copy steps back, one result', async () => {
  const { run, driven } = await underWay();
  const node = queue('%N');
  cluster.do('kill-node', node); // its daemon alone: the run goes on
  await untilStarts(run, 2);
  await until(() => journal(run).includes('steps back'));
  await endOfSecond(run, driven);
  cluster.do('start-node', node);
  cluster.untilIdle();
}, 120_000);

test('a node that dies with its run, and a controller that is killed', async () => {
  const { run, driven } = await underWay();
  const node = queue('%N');
  cluster.do('kill-node-and-jobs', node);
  await untilStarts(run, 2);
  cluster.do('start-node', node);
  await untilCheckpoint(run);
  cluster.do('kill-controller');
  await untilCheckpoint(run); // it goes on without
  cluster.do('start-controller');
  await endOfSecond(run, driven);
  cluster.untilIdle();
}, 120_000);

test('cancelled runs stop at a checkpoint, and are handed over again when asked for', async () => {
  const { run, engine, driven } = await underWay();
  driven.stop.abort();
  await driven.done;
  await engine.cancel([run]);
  await until(() => /^leaves 143 at \d+$/.test(journal(run).at(-1) ?? ''));
  await until(async () => (await engine.states([run])).get(run.name)?.is === 'gone');
  const again = drive(engine, [run]);
  await endOfSecond(run, again);
}, 90_000);

test('a cluster that is not there is named', async () => {
  vi.stubEnv('PATH', '/nowhere');
  const check = engineOf('/nowhere').check();
  vi.stubEnv('PATH', cluster.env['PATH'] ?? '');
  await expect(check).rejects.toThrow(
    "--on slurm: expected SLURM's command scontrol, got none on this machine",
  );
});
