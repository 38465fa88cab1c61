import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onOneLine } from '@noisy-pairs/command-line';
import { firstErrorOfLog } from '../log-error.ts';
import type { Engine, RunState } from '../engine.ts';
import type { PlannedRun } from '../../plan.ts';
import { arrayScript, exitCodeFile } from './array-script.ts';

export interface SlurmOptions {
  /** Folder of the sweep, on a disk that all nodes have at the same place. */
  readonly out: string;
  /** Options of sbatch, after ours: `--partition=gpu`. */
  readonly flags: readonly string[];
  /** Cores of a run. */
  readonly threads: number;
  readonly memoryMiB: number;
  /** At most this many of an array at once; absent: as the cluster allows. */
  readonly atOnce?: number | undefined;
  /** Steps run op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** The program that does one run, with the options of commands/run.ts. */
  readonly program?: URL;
}

const defaultProgram = new URL('../../../../dist/commands/run.js', import.meta.url);

/** Seconds before the time limit at which a run is told to stop at its next checkpoint. */
const warning = 120;

/**
 * SLURM by its own commands. An array is known by its comment, which is the name of the list of
 * its runs in OUT/slurm: so a job whose sbatch was not answered is found all the same.
 */
export function slurm(options: SlurmOptions): Engine {
  const lists = join(options.out, 'slurm');
  const jobName = `np-${createHash('sha256').update(options.out).digest('hex').slice(0, 12)}`;
  return {
    name: 'SLURM',
    every: 10_000,
    async check() {
      await mostElements();
    },
    async submit(runs) {
      mkdirSync(lists, { recursive: true });
      const most = await mostElements();
      const taken: PlannedRun[] = [];
      for (let from = 0; from < runs.length; from += most) {
        const part = runs.slice(from, from + most);
        if (!(await submitArray(part, lists, jobName, options))) break;
        taken.push(...part);
      }
      return taken;
    },
    states: async (runs) => statesOf(runs, lists, await queued(jobName)),
    async cancel() {
      await slurmCommand('scancel', [`--name=${jobName}`]);
    },
    close: () => Promise.resolve(),
  };
}

/** How many elements an array of this cluster may have. */
async function mostElements(): Promise<number> {
  const found = /MaxArraySize\s*=\s*(\d+)/.exec(await slurmCommand('scontrol', ['show', 'config']));
  return Math.max(1, Number(found?.[1] ?? 1001) - 1);
}

/** @returns false where the cluster's limits take no more for now */
async function submitArray(
  runs: readonly PlannedRun[],
  lists: string,
  jobName: string,
  { flags, threads, memoryMiB, atOnce, eager = false, program = defaultProgram }: SlurmOptions,
): Promise<boolean> {
  const id = `${Date.now()}-${randomBytes(3).toString('hex')}`;
  const list = join(lists, `${id}.txt`);
  writeFileSync(list, runs.map(({ folder }) => `${folder}\n`).join(''));
  for (const { folder } of runs) rmSync(join(folder, exitCodeFile), { force: true });
  const script = join(lists, `${id}.sh`);
  const programArgs = [process.execPath, fileURLToPath(program), ...(eager ? ['--eager'] : [])];
  writeFileSync(script, arrayScript({ program: programArgs, list }));
  const limit = atOnce === undefined ? '' : `%${atOnce}`;
  try {
    await slurmCommand('sbatch', [
      ...['--parsable', '--requeue', `--job-name=${jobName}`, `--comment=${id}`],
      ...[`--array=0-${runs.length - 1}${limit}`, `--output=${join(lists, `${id}.%a.log`)}`],
      ...[`--cpus-per-task=${threads}`, `--mem=${memoryMiB}M`, `--signal=B:USR1@${warning}`],
      ...flags,
      script,
    ]);
    return true;
  } catch (error) {
    if (/MaxSubmit|submit limit|MaxJobCount/i.test((error as Error).message)) {
      rmSync(list);
      return false;
    }
    // it may have taken the job all the same
    if (/timed out/i.test((error as Error).message)) return true;
    rmSync(list);
    throw error;
  }
}

/** States of SLURM's own by LIST INDEX. One question for all of a sweep. */
async function queued(jobName: string): Promise<ReadonlyMap<string, string>> {
  const format = '%k %K %T';
  const text = await slurmCommand('squeue', ['-h', '-r', `--name=${jobName}`, '-o', format]);
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [id = '', index = '', state = ''] = line.trim().split(/\s+/);
      return [`${id} ${index}`, state];
    }),
  );
}

function statesOf(
  runs: readonly PlannedRun[],
  lists: string,
  jobs: ReadonlyMap<string, string>,
): ReadonlyMap<string, RunState> {
  const byFolder = new Map<string, string>();
  for (const file of existsSync(lists) ? readdirSync(lists) : []) {
    if (!file.endsWith('.txt')) continue;
    const folders = readFileSync(join(lists, file), 'utf8').split('\n').slice(0, -1);
    for (const [i, folder] of folders.entries()) {
      const state = jobs.get(`${file.slice(0, -4)} ${i}`);
      if (state !== undefined) byFolder.set(folder, state);
    }
  }
  return new Map(runs.map((run) => [run.name, stateOf(run.folder, byFolder.get(run.folder))]));
}

function stateOf(folder: string, state: string | undefined): RunState {
  if (state !== undefined) return { is: state === 'PENDING' ? 'waiting' : 'running' };
  const file = join(folder, exitCodeFile);
  if (!existsSync(file)) return { is: 'gone' };
  const code = readFileSync(file, 'utf8').trim();
  const log = join(folder, 'log.txt');
  return { is: 'failed', why: `exit code ${code}: ${firstErrorOfLog(log)} (${log})` };
}

/** What a command of SLURM prints. @throws one line with its own words */
async function slurmCommand(name: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(name, args)).stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT')
      throw new Error(`--on slurm: expected SLURM's command ${name}, got none on this machine`, {
        cause: error,
      });
    const said = onOneLine(stderr.trim() === '' ? message : stderr.trim());
    throw new Error(`${name}: ${said}`, { cause: error });
  }
}
