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
import { arrayScript, exitCodeFile, unseen } from './array-script.ts';

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
      // what is too much by the cluster's limits may be taken in part
      for (let size = most; size >= 1 && taken.length < runs.length;) {
        const part = runs.slice(taken.length, taken.length + size);
        if (await submitArray(part, lists, jobName, options)) taken.push(...part);
        else size = Math.floor(part.length / 2);
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

/** What sbatch says where the cluster's limits take no more; then it would try for two minutes. */
const tooMuch = /MaxSubmit|submit limit|MaxJobCount|queue full|temporarily unable to accept/i;

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
    if (tooMuch.test((error as Error).message)) {
      rmSync(list);
      return false;
    }
    // it may have taken the job all the same
    if (/timed out/i.test((error as Error).message)) return true;
    rmSync(list);
    throw error;
  }
}

/** An element of an array, as SLURM knows it. */
interface Element {
  /** `PENDING`, `RUNNING`, `FAILED`, .... */
  readonly state: string;
  /** Whether it ended since its node has not the files of its run. */
  readonly sawNone: boolean;
  readonly node: string;
}

/** The signal that SLURM says a job died of whose log could not be opened on its node. */
const noLog = 53;

/** Elements by LIST INDEX, also those that have ended a while ago. One question for all. */
async function queued(jobName: string): Promise<ReadonlyMap<string, Element>> {
  const fields = 'Comment:.64,ArrayTaskID:.16,State:.32,exit_code:.16,NodeList:.256';
  const asked = ['-h', '-r', '-t', 'all', `--name=${jobName}`, '-O', fields];
  const lines = (await slurmCommand('squeue', asked)).split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [id = '', index = '', state = '', status = '', node = ''] = line.trim().split(/\s+/);
      const sawNone = Number(status) >> 8 === unseen || (Number(status) & 127) === noLog;
      return [`${id} ${index}`, { state, sawNone, node }];
    }),
  );
}

/** @param elements where a run was handed over several times, the newest is its own */
function statesOf(
  runs: readonly PlannedRun[],
  lists: string,
  elements: ReadonlyMap<string, Element>,
): ReadonlyMap<string, RunState> {
  const byFolder = new Map<string, Element>();
  const files = existsSync(lists) ? readdirSync(lists) : [];
  for (const file of files.filter((name) => name.endsWith('.txt')).sort()) {
    const folders = readFileSync(join(lists, file), 'utf8').split('\n').slice(0, -1);
    for (const [i, folder] of folders.entries()) {
      const element = elements.get(`${file.slice(0, -4)} ${i}`);
      if (element) byFolder.set(folder, element);
    }
  }
  return new Map(runs.map((run) => [run.name, stateOf(run.folder, byFolder.get(run.folder))]));
}

/** States of elements that go on no more. */
const ended = new Set(
  (
    'BOOT_FAIL CANCELLED COMPLETED DEADLINE FAILED NODE_FAIL OUT_OF_MEMORY PREEMPTED REVOKED ' +
    'TIMEOUT'
  ).split(' '),
);

function stateOf(folder: string, element: Element | undefined): RunState {
  if (element && !ended.has(element.state))
    return { is: /^(PENDING|REQUEUE)/.test(element.state) ? 'waiting' : 'running' };
  if (element?.sawNone)
    return {
      is: 'failed',
      why:
        `${folder}: expected the run's folder on node ${element.node}, got none; results must be ` +
        'on a disk that all nodes share',
    };
  const file = join(folder, exitCodeFile);
  if (!existsSync(file)) return { is: 'gone' };
  const code = readFileSync(file, 'utf8').trim();
  const log = join(folder, 'log.txt');
  return { is: 'failed', why: `exit code ${code}: ${firstErrorOfLog(log)} (${log})` };
}

/**
 * What a command of SLURM prints. One that would wait for room is ended.
 * @throws one line with its own words
 */
async function slurmCommand(name: string, args: readonly string[]): Promise<string> {
  try {
    const running = promisify(execFile)(name, args);
    running.child.stderr?.on('data', (text: string) => {
      if (tooMuch.test(text)) running.child.kill();
    });
    return (await running).stdout;
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
