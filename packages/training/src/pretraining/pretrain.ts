import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  disposeAll,
  flattenTree,
  openProgram,
  type EntryPoint,
  type Program,
} from '@noisy-pairs/engine';
import { Random, removeUnfinishedFiles } from '@noisy-pairs/imaging';
import { encoderState, saveWeights, type NetworkState } from '@noisy-pairs/models';
import { openPairLoader, type PairLoader } from '@noisy-pairs/pairs';
import { openOptimizer } from '../optimizers/optimizer.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import type { Checkpoint } from '../run-folder/checkpoint-format.ts';
import { loadNewest, removePrevious, saveCheckpoint } from '../run-folder/checkpoint.ts';
import { createMeter } from '../run-folder/meter.ts';
import { openRunLog, type MetricsLine, type RunLog } from '../run-folder/run-log.ts';
import { startClock, type RunTimes } from '../run-folder/step-clock.ts';
import { describeStep } from '../run-folder/step-report.ts';
import { ahead } from './ahead.ts';
import { isDue, joinedLine, measured } from './monitor.ts';
import { checkOptions, type PretrainOptions } from './options.ts';
import { planRun, type RunPlan } from './plan.ts';
import { settingsOf } from './settings.ts';
import { startingEncoder, withEncoder, type GivenEncoder } from './start-weights.ts';
import { openStep, type PretrainState, type PretrainStep, type StepSpecs } from './step.ts';
import { randomRowsLeft, summarise, tailed, type PretrainSummary } from './summary.ts';

export interface PretrainResult {
  /** The query encoder; the caller's. */
  readonly encoder: NetworkState;
  readonly summary: PretrainSummary;
}

/**
 * Contrastive pretraining from start, or from the folder's checkpoint, to end. Writes into `out`:
 * metrics.jsonl, TensorBoard events, checkpoint.safetensors (and the one before), and at the end
 * encoder.safetensors (`params/*`, `stats/*`). A run that was killed and started again ends with
 * the very weights of one that was not. A monitor's values are in the line of the step after which
 * it measured.
 * @throws NonFiniteLossError naming the first bad step; the signal's reason; an error naming an
 *   option out of range, or a checkpoint of other settings, or what `start` lacks
 */
export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { method, out, onMessage, beforeWrite, eager = false, precision = 'float32' } = options;
  checkOptions(options);
  await mkdir(out, { recursive: true });

  // ---- data
  const plan = await planRun(options);
  const { steps, size, classesKnown } = plan;

  // ---- model and optimiser
  const given = options.start && (await startingEncoder(method, options.start));
  const optimizer = openOptimizer(options.optimizer ?? 'sgd', options);
  const step = openStep({ ...options, optimizer, size, classesKnown });

  // ---- resume
  const { state, checkpoint } = await startOrResume(options, step, steps, given);

  // ---- compile: from here on the state lives in the program
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(state);
  });
  let loader: PairLoader | undefined;
  try {
    const log = await openRunLog(out, checkpoint.step, onMessage, beforeWrite);
    loader = await openPairLoader({ ...options, startStep: checkpoint.step, steps });
    const train = program.compile(step.apply, step.specs);
    onMessage?.(describeStep('pretraining', program, train, precision));

    // ---- loop
    const opened = { options, plan, step, program, train, loader, log };
    const { tail, times } = await loop(opened, checkpoint);
    const { query, queryStats } = await program.read('query', 'queryStats');

    // ---- save
    const encoder = encoderState({ query, queryStats });
    const unknown = randomRowsLeft(method, steps, options.batchSize);
    const summary = summarise(method, steps, tail, times, options.learnedMargin, unknown);
    const file = join(out, 'encoder.safetensors');
    beforeWrite?.();
    await saveWeights(file, flattenTree(encoder), { summary: JSON.stringify(summary) });
    await removePrevious(out);
    return { encoder, summary };
  } finally {
    await loader?.close();
    program.close();
  }
}

/** The state to begin with, the caller's, and where that is in the run. */
async function startOrResume(
  options: PretrainOptions,
  step: PretrainStep,
  steps: number,
  given: GivenEncoder | undefined,
): Promise<{ state: PretrainState; checkpoint: Checkpoint }> {
  const { method, seed, out } = options;
  const settings = settingsOf(options, steps, given?.hash);
  const random = method.init(Random.from(seed).split('method'));
  const state = step.start(given ? withEncoder(random, given.weights) : random);
  removeUnfinishedFiles(out, false);
  const found = await loadNewest(out, state, settings, options.onMessage).catch(
    (error: unknown) => {
      disposeAll(state);
      throw error;
    },
  );
  if (found) {
    disposeAll(state);
    return found;
  }
  const times = { training: 0, waiting: 0, paused: 0 };
  return { state, checkpoint: { step: 0, tail: { count: 0, sums: {} }, times, settings } };
}

/** A run whose parts are open, ready for the loop. */
interface Opened {
  readonly options: PretrainOptions;
  readonly plan: RunPlan;
  readonly step: PretrainStep;
  readonly program: Program<PretrainState>;
  readonly train: EntryPoint<StepSpecs>;
  readonly loader: PairLoader;
  readonly log: RunLog;
}

/** Trains from a checkpoint to the end. @returns where the run stands then */
async function loop(
  { options, plan, step, program, train, loader, log }: Opened,
  start: Checkpoint,
): Promise<Checkpoint> {
  const { seed, signal, monitor, logEvery, checkpointEvery } = options;
  const { steps } = plan;
  const meter = createMeter({ steps, tailed, tail: start.tail });
  const clock = startClock(start.times);
  let position = start;
  let done = start.step;
  for await (const batch of ahead(loader)) {
    signal?.throwIfAborted();
    const learningRate = learningRateAt(done, { ...options, steps });
    const random = Random.from(seed).split('extras', done);
    const values = step.values(batch, { done, progress: done / steps, learningRate, random });
    clock.enter('training', batch.ready);
    const running = train.run(values);
    batch.release();
    const { outputs, ended } = await running;
    clock.enter('waiting', ended);
    done += 1;
    meter.add(done, outputs);

    const last = done === steps;
    const saves = last || done % checkpointEvery === 0;
    const measures = monitor !== undefined && isDue(monitor, done, { ...options, ...plan });
    if (!saves && !measures && done % logEvery !== 0) continue;

    clock.enter('paused'); // measuring, logging and saving are no training
    const means = meter.means();
    const since = { steps: done - position.step, ...clock.lap() };
    const line = lineOf(options, plan, done, { means, learningRate, since });
    position = { ...position, step: done, tail: meter.tail, times: clock.times };
    const seen = measures ? await measured(monitor, program) : {};
    await log.write(joinedLine(line, seen));
    if (saves) await saveState(options, program, position);
    const secondsLeft = (clock.elapsed / (done - start.step)) * (steps - done);
    options.onProgress?.({ step: done, steps, loss: means['loss'] ?? NaN, secondsLeft });
    clock.enter('waiting');
  }
  if (done < steps) throw new Error(`loader: expected ${steps} batches, got ${done}`);
  return position;
}

/** A report on the steps since the line before. */
interface Reported {
  readonly means: Readonly<Record<string, number>>;
  /** The last step's. */
  readonly learningRate: number;
  /** How many steps, and the time that they took. */
  readonly since: RunTimes & { readonly steps: number };
}

/** A line of metrics after so many steps. */
function lineOf(
  { method: { randomLoss }, batchSize }: PretrainOptions,
  { pairs }: RunPlan,
  done: number,
  { means, learningRate, since }: Reported,
): MetricsLine {
  const milliseconds = (seconds: number) => (1000 * seconds) / since.steps;
  return {
    step: done,
    epoch: (done * batchSize) / pairs,
    ...means,
    ...(randomLoss === undefined ? {} : { lossAboveRandom: (means['loss'] ?? NaN) - randomLoss }),
    learningRate,
    dataWaitMs: milliseconds(since.waiting),
    stepMs: milliseconds(since.training + since.waiting),
    time: Date.now() / 1000,
  };
}

/** Writes a checkpoint of what is in the program. */
async function saveState(
  { out, beforeWrite, onCheckpoint }: PretrainOptions,
  program: Program<PretrainState>,
  position: Checkpoint,
): Promise<void> {
  const state = await program.read();
  await saveCheckpoint(out, state, position, beforeWrite).finally(() => {
    disposeAll(state);
  });
  onCheckpoint?.();
}
