import { appendFile, writeFile } from 'node:fs/promises';
import { disposeAll, tf, type NamedTensors } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { batches, type LabelledReader } from './labelled.ts';
import { createMeter, meanOf } from './meter.ts';
import type { Progress } from './progress.ts';
import { disposeReplaced } from './replaced.ts';
import { learningRateAt } from './schedule.ts';
import type { Segmenter } from './segmentation-step.ts';
import { startVelocity } from './step.ts';

/** SGD's, as in every linear probe we know of. */
const momentum = 0.9;
/** In steps. */
const logEvery = 20;

export interface Fitting {
  readonly segmenter: Segmenter;
  readonly reader: LabelledReader;
  /** Which of the reader's images to train on. */
  readonly indices: readonly number[];
  /** Borrowed. */
  readonly initial: NamedTensors;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Draws the order of the images, and their flips. */
  readonly random: Random;
  readonly flips: boolean;
  /** A file to write lines of step, loss and learningRate to. */
  readonly log?: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * SGD with momentum, half a cosine down to 0.
 * @returns the final state, of which entries that never changed are `initial`'s; and the mean loss of the last 5 % of the steps
 * @throws NonFiniteLossError; the signal's reason
 */
export async function fit(fitting: Fitting): Promise<{ state: NamedTensors; finalLoss: number }> {
  const { segmenter, reader, initial, steps, random, log } = fitting;
  const constants = { momentum: tf.scalar(momentum), weightDecay: tf.scalar(fitting.weightDecay) };
  const meter = createMeter();
  const started = performance.now();
  const tailStart = steps - Math.ceil(steps * 0.05);
  const tail: number[] = [];
  let state: NamedTensors = { ...initial, ...startVelocity(initial, segmenter.trainable(initial)) };
  let done = 0;
  if (log) await writeFile(log, '');
  try {
    for (const batch of batches(fitting.indices, fitting.batchSize, steps, random.split('order'))) {
      fitting.signal?.throwIfAborted();
      const rate = learningRateAt(done, { learningRate: fitting.learningRate, warmupSteps: 0, finalLearningRate: 0, steps });
      const { inputs: data } = await reader.read(batch, fitting.flips ? random.split('flips', done) : undefined);
      const inputs = { ...data, learningRate: tf.scalar(rate) };
      const next = segmenter.step(state, { ...inputs, ...constants });
      disposeAll(inputs);
      release(state, next.state, initial);
      state = next.state;
      meter.add(++done, next.metrics);
      if (done % logEvery !== 0 && done !== steps) continue;

      const read = await meter.read();
      tail.push(...read.filter(({ step }) => step > tailStart).map(({ values }) => values['loss'] ?? NaN));
      const loss = meanOf(read)['loss'] ?? NaN;
      if (log) await appendFile(log, `${JSON.stringify({ step: done, loss, learningRate: rate })}\n`);
      fitting.onProgress?.({ step: done, steps, loss, secondsLeft: ((performance.now() - started) / 1000 / done) * (steps - done) });
    }
  } catch (error) {
    release(state, {}, initial);
    throw error;
  } finally {
    meter.dispose();
    disposeAll(constants);
  }
  return { state, finalLoss: tail.reduce((sum, loss) => sum + loss, 0) / tail.length };
}

/** Frees what neither the next state nor the borrowed start holds. */
function release(state: NamedTensors, next: NamedTensors, initial: NamedTensors): void {
  disposeReplaced(Object.fromEntries(Object.entries(state).filter(([name, tensor]) => tensor !== initial[name])), next);
}
