import { appendFile, writeFile } from 'node:fs/promises';
import {
  disposeAll,
  openProgram,
  type InputSpec,
  type NamedTensors,
  type Precision,
  type Program,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { batches, type BatchReader } from '../readers/batch-reader.ts';
import type { Learner } from './learner.ts';
import { createMeter, meanOf, NonFiniteLossError } from '../run-folder/meter.ts';
import type { Progress } from '../run-folder/progress.ts';
import { openOptimizer, type OptimizerName } from '../optimizers/optimizer.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import { describeStep } from '../run-folder/step-report.ts';

/** In steps. */
const logEvery = 20;

export interface Fitting {
  /** What messages call it. */
  readonly what: string;
  readonly learner: Learner;
  readonly reader: BatchReader;
  /** Which of the reader's images to train on. */
  readonly indices: readonly number[];
  /** Borrowed. */
  readonly initial: NamedTensors;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerName;
  readonly weightDecay: number;
  /** Draws the order of the images, and how they are changed. */
  readonly random: Random;
  /** Whether images are changed at random, as the reader does it. */
  readonly augmented: boolean;
  readonly eager: boolean;
  readonly precision: Precision;
  /** A file to write lines of step, loss and learningRate to. */
  readonly log?: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onMessage?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The optimizer's steps (SGD's with momentum 0.9, as in every linear probe we know of), the rate
 * half a cosine down to 0.
 * @returns the program that holds the final state, the caller's to close; and the mean loss of the
 *   last 5 % of the steps
 * @throws NonFiniteLossError; the signal's reason
 */
export async function fit(fitting: Fitting): Promise<{ program: Program; finalLoss: number }> {
  const { learner, reader, initial, steps, batchSize, random, log, eager, precision } = fitting;
  const meter = createMeter();
  const started = performance.now();
  const tailStart = steps - Math.ceil(steps * 0.05);
  const tail: number[] = [];
  const optimizer = openOptimizer(fitting.optimizer, {
    momentum: 0.9,
    weightDecay: fitting.weightDecay,
  });
  const kept = optimizer.start(initial, learner.trainable(initial));
  const program = await openProgram({ ...initial, ...kept }, { eager, precision }).finally(() => {
    disposeAll(kept);
  });
  const scalar: InputSpec = { shape: [], dtype: 'float32' };
  let done = 0;
  try {
    const train = program.compile(learner.step(optimizer), {
      ...reader.specs(batchSize),
      ...Object.fromEntries(Object.keys(optimizer.rates(0, 0)).map((name) => [name, scalar])),
    });
    fitting.onMessage?.(describeStep(fitting.what, program, train, precision));
    if (log) await writeFile(log, '');
    for (const batch of batches(fitting.indices, batchSize, steps, random.split('order'))) {
      fitting.signal?.throwIfAborted();
      const learningRate = learningRateAt(done, {
        learningRate: fitting.learningRate,
        warmupSteps: 0,
        finalLearningRate: 0,
        steps,
      });
      const { inputs } = await reader.read(
        batch,
        fitting.augmented ? random.split('flips', done) : undefined,
      );
      const { outputs } = await train.run({ ...inputs, ...optimizer.rates(done, learningRate) });
      meter.add(++done, outputs);
      if (done % logEvery !== 0 && done !== steps) continue;

      const read = meter.read();
      tail.push(
        ...read.filter(({ step }) => step > tailStart).map(({ values }) => values['loss'] ?? NaN),
      );
      const loss = meanOf(read)['loss'] ?? NaN;
      if (log) await appendFile(log, `${JSON.stringify({ step: done, loss, learningRate })}\n`);
      fitting.onProgress?.({
        step: done,
        steps,
        loss,
        secondsLeft: ((performance.now() - started) / 1000 / done) * (steps - done),
      });
    }
  } catch (error) {
    program.close();
    throw error;
  }
  return { program, finalLoss: tail.reduce((sum, loss) => sum + loss, 0) / tail.length };
}

/** The program alone, or null if the loss becomes non-finite: for learning rates on trial. */
export async function fitOnTrial(fitting: Fitting): Promise<Program | null> {
  try {
    const { program } = await fit(fitting);
    return program;
  } catch (error) {
    if (error instanceof NonFiniteLossError) return null;
    throw error;
  }
}
