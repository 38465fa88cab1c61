import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, flattenTree } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { saveWeights } from '@noisy-pairs/models';
import {
  openSource,
  type ClassifiedSource,
  type LabelledSource,
  type SourceSpec,
} from '@noisy-pairs/pairs';
import { hashEncoder } from '../encoders/encoder-weights.ts';
import { all } from '../readers/batch-reader.ts';
import { requireAlike } from '../readers/require-alike.ts';
import { NonFiniteLossError } from '../run-folder/meter.ts';
import { checkHeadTraining, type HeadTrainingOptions } from './head-options.ts';
import type { HeadResult, HeadTask, TrainTest } from './head-task.ts';
import type { FitOptions } from './learning/fit.ts';
import { chooseLearningRate } from './learning/learning-rate.ts';
import { close, owning } from './owning.ts';
import { openTrainee, type Trainee } from './trainee.ts';

/**
 * Trains a head (and, by mode, the encoder) on labelled images and measures it on held-out ones.
 * SGD with momentum 0.9 (or AdamW), half a cosine to 0. A frozen encoder runs in inference mode on
 * unchanged images; a learning one sees them changed at random and uses batch statistics. Writes
 * into `out`: NAME.jsonl (step, loss, learningRate) and NAME.safetensors (`head/*`; `encoder/*` and
 * `stats/*` where trained), NAME being the task's.
 * @param openTask gets the opened sources
 * @throws if sizes or classes of the two sources differ, weights are missing or superfluous, the
 *   loss becomes non-finite (NonFiniteLossError), or a frozen encoder has changed
 */
export async function trainHead<
  Source extends LabelledSource | ClassifiedSource,
  Measures extends object,
>(
  options: HeadTrainingOptions,
  openTask: (sources: TrainTest<Source>) => HeadTask<Measures>,
): Promise<HeadResult & Measures> {
  checkHeadTraining(options);
  await mkdir(options.out, { recursive: true });
  const started = performance.now();

  // ---- data
  const { train, test } = await openAlike<Source>(options);
  const task = openTask({ train, test });
  const random = Random.from(options.seed).split(task.name);

  return owning(async (own) => {
    // ---- model and readers
    const trainee = await openTrainee(options, task, train.size, random, own);
    const before = await hashEncoder(trainee.encoder);

    // ---- learning rate: on a part of the training images
    const fitting = fitOptions(options, task.name, train.length, random.split('fit'));
    const { learningRate, candidates } = await chooseLearningRate(
      options.learningRates,
      train.length,
      random.split('validation'),
      (rate, indices, heldBack) =>
        validate(task, trainee, { ...fitting, indices, learningRate: rate }, heldBack),
    );

    // ---- train on all of them
    const log = join(options.out, `${task.name}.jsonl`);
    const { onMessage, beforeWrite } = options;
    const saying = { log, onMessage, beforeWrite };
    const last = { ...fitting, indices: all(train.length), learningRate, ...saying };
    const trained = own(await trainee.fit(last), close);

    // ---- evaluate
    const matrix = await trained.predict('test', all(test.length), task.onPredicted);
    const learned = own(await trained.read(), disposeAll);
    const { frozen } = trainee;
    const encoder = frozen
      ? own(await frozen.encoder.read(), disposeAll)
      : { params: learned.encoder, stats: learned.stats };
    const encoderHash = await hashEncoder(encoder);
    if (frozen) requireUnchanged(before, encoderHash);
    const features = frozen?.features;

    // ---- save
    beforeWrite?.();
    const result = {
      mode: options.mode,
      ...(await task.measure({ matrix, candidates, encoder, features })),
      testImages: test.length,
      learningRate,
      steps: fitting.steps,
      finalLoss: trained.finalLoss,
      encoderHash,
      seconds: (performance.now() - started) / 1000,
    };
    const file = join(options.out, `${task.name}.safetensors`);
    await saveWeights(file, flattenTree(learned), { result: JSON.stringify(result) });
    return result;
  });
}

/** @throws unless both sources are of one size and of the same classes */
async function openAlike<Source extends LabelledSource | ClassifiedSource>(
  specs: TrainTest<SourceSpec>,
): Promise<TrainTest<Source>> {
  const train = await openSource<Source>(specs.train);
  const test = await openSource<Source>(specs.test);
  requireAlike(train, test);
  return { train, test };
}

/** @param length number of training images */
function fitOptions(
  options: HeadTrainingOptions,
  name: string,
  length: number,
  random: Random,
): Omit<FitOptions, 'indices' | 'learningRate'> {
  const { batchSize, epochs, weightDecay, onProgress, signal } = options;
  const { optimizer = 'sgd', eager = false, precision = 'float32' } = options;
  const steps = Math.ceil((epochs * length) / batchSize);
  const running = { eager, precision, onProgress, signal };
  return { name, steps, batchSize, optimizer, weightDecay, random, ...running };
}

/** The score on held-back images after training on others; null for a loss that is not finite. */
async function validate(
  task: HeadTask<unknown>,
  trainee: Trainee,
  options: FitOptions,
  heldBack: readonly number[],
): Promise<number | null> {
  return owning(async (own) => {
    const trained = own(await trainee.fit(options), close);
    return task.score(await trained.predict('train', heldBack));
  }).catch((error: unknown) => {
    if (error instanceof NonFiniteLossError) return null;
    throw error;
  });
}

/** @throws if a frozen encoder's hash is another after the training */
function requireUnchanged(before: string, after: string): void {
  if (after !== before)
    throw new Error(
      `frozen encoder: expected weights and statistics of hash ${before}, got ${after}`,
    );
}
