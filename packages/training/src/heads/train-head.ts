import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, within, type NamedTensors } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { saveWeights, type NetworkState } from '@noisy-pairs/models';
import {
  openSource,
  type ClassifiedSource,
  type LabelledSource,
  type SourceSpec,
} from '@noisy-pairs/pairs';
import { disposeEncoder, hashEncoder } from '../encoders/encoder-weights.ts';
import { all } from '../readers/batch-reader.ts';
import { requireAlike } from '../readers/require-alike.ts';
import { fit, fitOnTrial, type Fitting } from './fit.ts';
import { checkHeadTraining, type HeadTrainingOptions } from './head-options.ts';
import type { HeadResult, HeadTask, TrainTest } from './head-task.ts';
import { chooseLearningRate } from './learning-rate.ts';
import { close, owning } from './owning.ts';
import { countPredictions } from './predictions.ts';
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
    const fitting = fittingOf(options, task.name, trainee, random.split('fit'));
    const { learningRate, candidates } = await chooseLearningRate(
      options.learningRates,
      train.length,
      random.split('validation'),
      (rate, indices, heldBack) =>
        validate(task, { ...fitting, indices, learningRate: rate }, heldBack),
    );

    // ---- train on all of them
    const { program, finalLoss } = await fit({
      ...fitting,
      indices: all(train.length),
      learningRate,
      log: join(options.out, `${task.name}.jsonl`),
      onMessage: options.onMessage,
    });
    own(program, close);

    // ---- evaluate
    const matrix = await countPredictions({
      learner: trainee.learner,
      program,
      reader: trainee.readers.test,
      indices: all(test.length),
      onPredicted: task.onPredicted,
    });
    const { frozen } = trainee;
    const state = own(await program.read(), disposeAll);
    const encoder = frozen ? own(await frozen.encoder.read(), disposeEncoder) : encoderIn(state);
    const encoderHash = await hashEncoder(encoder);
    if (frozen) requireUnchanged(before, encoderHash);
    const trained = { matrix, candidates, encoder, features: frozen?.features };

    // ---- save
    const result = {
      mode: options.mode,
      ...(await task.measure(trained)),
      testImages: test.length,
      learningRate,
      steps: fitting.steps,
      finalLoss,
      encoderHash,
      seconds: (performance.now() - started) / 1000,
    };
    const file = join(options.out, `${task.name}.safetensors`);
    await saveWeights(file, learnedPart(state, trainee), { result: JSON.stringify(result) });
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

type Trial = Omit<Fitting, 'indices' | 'learningRate'>;

function fittingOf(
  options: HeadTrainingOptions,
  name: string,
  { learner, readers, state, frozen }: Trainee,
  random: Random,
): Trial {
  const { batchSize, epochs, weightDecay, onProgress, signal } = options;
  const { optimizer = 'sgd', eager = false, precision = 'float32' } = options;
  return {
    what: name,
    learner,
    reader: readers.train,
    initial: state,
    steps: Math.ceil((epochs * readers.train.length) / batchSize),
    batchSize,
    optimizer,
    weightDecay,
    random,
    augmented: !frozen,
    eager,
    precision,
    onProgress,
    signal,
  };
}

/** The score on held-back images after training on others; null for a loss that is not finite. */
async function validate(
  task: HeadTask<unknown>,
  fitting: Fitting,
  heldBack: readonly number[],
): Promise<number | null> {
  const { learner, reader } = fitting;
  const program = await fitOnTrial(fitting);
  if (!program) return null;
  return countPredictions({ learner, program, reader, indices: heldBack })
    .then((matrix) => task.score(matrix))
    .finally(() => {
      program.close();
    });
}

const encoderIn = (state: NamedTensors): NetworkState => ({
  params: within('encoder', state),
  stats: within('stats', state),
});

/** @throws if a frozen encoder's hash is another after the training */
function requireUnchanged(before: string, after: string): void {
  if (after !== before)
    throw new Error(
      `frozen encoder: expected weights and statistics of hash ${before}, got ${after}`,
    );
}

/** The entries that the trainee began with, not those that the optimizer keeps. */
const learnedPart = (state: NamedTensors, trainee: Trainee): NamedTensors =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name in trainee.state));
