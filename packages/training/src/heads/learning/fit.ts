import { appendFile, writeFile } from 'node:fs/promises';
import { disposeAll, openProgram, type Precision, type Program } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { openOptimizer, type Optimizer, type OptimizerName } from '../../optimizers/optimizer.ts';
import { learningRateAt } from '../../optimizers/schedule.ts';
import { batches, type BatchReader, type BatchSpecs } from '../../readers/batch-reader.ts';
import { createMeter, tailMean } from '../../run-folder/meter.ts';
import type { Progress } from '../../run-folder/progress.ts';
import { describeStep } from '../../run-folder/step-report.ts';
import { written } from '../../run-folder/written.ts';
import { headStep, type FitState } from './head-step.ts';
import type { Learned, LearnedParams, Learner } from './learner.ts';

/** In steps. */
const logEvery = 20;

/** How a head is trained, whatever it is. */
export interface FitOptions {
  /** Its name in messages. */
  readonly name: string;
  /** Which of the training images to learn from. */
  readonly indices: readonly number[];
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerName;
  readonly weightDecay: number;
  /** Draws the order of the images, and how they are changed. */
  readonly random: Random;
  readonly eager: boolean;
  readonly precision: Precision;
  /** A file to write lines of step, loss and learningRate to. */
  readonly log?: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onMessage?: ((line: string) => void) | undefined;
  /** Called before each write to the log. */
  readonly beforeWrite?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Tensors that learn, and the images they learn from. */
export interface Fitting<Specs extends BatchSpecs> {
  readonly learner: Learner<Specs>;
  /** Borrowed. */
  readonly start: Learned;
  readonly reader: BatchReader<Specs>;
  /** Whether images are changed at random, as the reader does it. */
  readonly augmented: boolean;
}

export interface Fitted {
  /** Holds the final state; the caller's to close. */
  readonly program: Program<FitState>;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
}

/**
 * The optimizer's steps (SGD's with momentum 0.9, as in every linear probe we know of), the rate
 * half a cosine down to 0.
 * @throws NonFiniteLossError; the signal's reason
 */
export async function fit<Specs extends BatchSpecs>(
  { start, ...fitting }: Fitting<Specs>,
  options: FitOptions,
): Promise<Fitted> {
  const { weightDecay, eager, precision } = options;
  const optimizer = openOptimizer(options.optimizer, { momentum: 0.9, weightDecay });
  const { encoder, head } = start;
  const remembered = optimizer.start<LearnedParams>({ encoder, head });
  const state: FitState = { learned: start, optimizer: remembered };
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(remembered);
  });
  try {
    const finalLoss = await runSteps(fitting, options, program, optimizer);
    return { program, finalLoss };
  } catch (error) {
    program.close();
    throw error;
  }
}

/** @returns the mean loss of the last 5 % of the steps */
async function runSteps<Specs extends BatchSpecs>(
  { learner, reader, augmented }: Omit<Fitting<Specs>, 'start'>,
  options: FitOptions,
  program: Program<FitState>,
  optimizer: Optimizer,
): Promise<number> {
  const { name, indices, steps, batchSize, precision, random, log } = options;
  const entry = program.compile(headStep(learner, optimizer), {
    batch: reader.specs(batchSize),
    rates: optimizer.rateSpecs,
  });
  options.onMessage?.(describeStep(name, program, entry, precision));
  const write = async (writing: (path: string) => Promise<void>) => {
    if (log === undefined) return;
    options.beforeWrite?.();
    await written(log, writing(log));
  };
  await write((path) => writeFile(path, ''));
  const meter = createMeter({ steps, tailed: ['loss'] });
  const started = performance.now();
  let done = 0;
  for (const batch of batches(indices, batchSize, steps, random.split('order'))) {
    options.signal?.throwIfAborted();
    const augment = augmented ? random.split('flips', done) : undefined;
    const { inputs } = await reader.read(batch, augment);
    const learningRate = learningRateAt(done, {
      learningRate: options.learningRate,
      warmupSteps: 0,
      finalLearningRate: 0,
      steps,
    });
    const rates = optimizer.rates(done, learningRate);
    const { outputs } = await entry.run({ batch: inputs, rates });
    done += 1;
    meter.add(done, outputs);
    if (done % logEvery !== 0 && done !== steps) continue;

    const { loss = NaN } = meter.means();
    const line = `${JSON.stringify({ step: done, loss, learningRate })}\n`;
    await write((path) => appendFile(path, line));
    const secondsLeft = ((performance.now() - started) / 1000 / done) * (steps - done);
    options.onProgress?.({ step: done, steps, loss, secondsLeft });
  }
  return tailMean(meter.tail, 'loss');
}
