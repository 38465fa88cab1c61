import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import type { RunConfig } from '../../config/run-config.ts';
import type { RunProgress } from '../../run/run-progress.ts';
import { runProcess } from '../../sweep/executors/run-process.ts';
import type { PlannedRun, SweepPlan } from '../../sweep/plan.ts';

/** Reports of progress that are waited for: steps between the first and the last are timed. */
const reports = 4;

/**
 * Seconds that a sweep takes with so many processes, and a pretrained run of it. A run that is not
 * trained before its heads is done to its end, which tells what starting, reading and heads take;
 * of each other kind some steps are timed. As many processes are at it as the sweep has.
 * @throws with what a timed run died of
 */
export async function timeSweep(
  { runs }: SweepPlan,
  processes: number,
): Promise<{ readonly all: number; readonly run: number }> {
  const abreast = Math.min(processes, runs.length);
  const secondsOf = async (kind: RunConfig['kind'], stopwatch: Stopwatch) => {
    const [first, ...others] = runs.filter(({ config }) => config.kind === kind);
    if (!first) return { each: 0, all: 0 };
    const each = meanOf(await timedRuns(first, abreast, stopwatch));
    return { each, all: each * (1 + others.length) };
  };
  const random = await secondsOf('random', wholeRun);
  const pretrained = await secondsOf('pretrained', trainingOf);
  const supervised = await secondsOf('supervised', trainingOf);
  const all = (random.each * runs.length + pretrained.all + supervised.all) / processes;
  return { all, run: random.each + pretrained.each };
}

/** What is timed of a run: hears of its progress, and gives seconds once it knows them. */
type Stopwatch = () => {
  readonly progressed: (progress: RunProgress) => number | undefined;
  readonly ended: () => number;
};

const seconds = () => performance.now() / 1000;

/** All of a run, its process's start included. */
const wholeRun: Stopwatch = () => {
  const start = seconds();
  return { progressed: () => undefined, ended: () => seconds() - start };
};

/**
 * The first training of a run, by its steps after the first report: the ones before compile. All of
 * a run that is over before.
 */
const trainingOf: Stopwatch = () => {
  const { ended } = wholeRun();
  let first: { readonly stage: string; readonly step: number; readonly at: number } | undefined;
  let seen = 0;
  return {
    progressed({ stage, step, steps }) {
      first ??= { stage, step, at: seconds() };
      if (stage !== first.stage) return ended();
      seen++;
      if (seen < reports) return undefined;
      return ((seconds() - first.at) / (step - first.step)) * steps;
    },
    ended,
  };
};

/** Copies of a run in folders of their own, until the stopwatch knows. */
async function timedRuns(run: PlannedRun, copies: number, stopwatch: Stopwatch): Promise<number[]> {
  return Promise.all(Array.from({ length: copies }, () => timedRun(run, stopwatch())));
}

async function timedRun(
  run: PlannedRun,
  { progressed, ended }: ReturnType<Stopwatch>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'noisy-pairs-timed-'));
  const stop = new AbortController();
  let known: number | undefined;
  try {
    await writeFileAtomic(join(folder, 'config.json'), JSON.stringify(run.config));
    const onProgress = (progress: RunProgress) => {
      known ??= progressed(progress);
      if (known !== undefined) stop.abort();
    };
    const error = await runProcess({ ...run, folder }, onProgress, stop.signal, {});
    if (known !== undefined) return known;
    if (error !== undefined) throw new Error(error);
    return ended();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
