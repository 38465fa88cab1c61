import { disposeAll } from '@noisy-pairs/engine';
import type { ConfusionMatrix } from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import type { NetworkState } from '@noisy-pairs/models';
import { encoderPart } from '../encoders/encoder-weights.ts';
import {
  featureReader,
  keepFeatures,
  keptReader,
  type FeatureReader,
} from '../encoders/feature-reader.ts';
import { openFrozenEncoder, type FrozenEncoder } from '../encoders/frozen-encoder.ts';
import type { BatchReader, BatchSpecs, ImageReader } from '../readers/batch-reader.ts';
import type { HeadTrainingOptions } from './head-options.ts';
import type { HeadTask, Part, TrainTest } from './head-task.ts';
import type { Head } from './head.ts';
import { fit, type Fitting, type FitOptions } from './learning/fit.ts';
import { headLearner, networkLearner, type Learned } from './learning/learner.ts';
import { countPredictions, type OnPredicted } from './learning/predictions.ts';
import { close, type Own } from './owning.ts';

/** A head, alone or with its encoder, ready to be trained. Its tensors and programs are owned. */
export interface Trainee {
  /** The encoder at the start; in mode frozen, for good. */
  readonly encoder: NetworkState;
  /** Where the head learns alone: the encoder in its program, and its features for the head. */
  readonly frozen?: {
    readonly encoder: FrozenEncoder;
    readonly features: TrainTest<FeatureReader>;
  };
  /** Trains it, from the start each time. @throws as fit does */
  fit(options: FitOptions): Promise<Trained>;
}

/** A head that has been trained, in a program of its own. */
interface Trained {
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  predict(
    part: Part,
    indices: readonly number[],
    onPredicted?: OnPredicted,
  ): Promise<ConfusionMatrix>;
  /** The tensors that learned; the caller's. */
  read(): Promise<Learned>;
  close(): void;
}

/**
 * @param size edge of the images
 * @param random draws the parts that start at random
 * @param own takes charge of what is opened
 */
export async function openTrainee(
  options: HeadTrainingOptions,
  task: HeadTask<unknown>,
  size: number,
  random: Random,
  own: Own,
): Promise<Trainee> {
  const { encoder: network, weights, mode, normalise } = options;
  const encoder = weights
    ? encoderPart(weights, network)
    : own(network.init(random.split('encoder')), disposeAll);
  const head = own(task.head.init(random.split('head')), disposeAll);
  if (mode !== 'frozen') {
    const start = { encoder: encoder.params, stats: encoder.stats, head };
    const learner = networkLearner(network, task.head, size, normalise);
    return { encoder, fit: fitter({ learner, start, augmented: true }, task.images) };
  }
  const { eager = false, precision = 'float32' } = options;
  const running = { eager, precision };
  const frozen = own(await openFrozenEncoder(network, encoder, normalise, running), close);
  const features = await keptFeatures(task, featuresOf(task.images, task.head, frozen, size));
  const start = { encoder: {}, stats: {}, head };
  const learner = headLearner(task.head);
  return {
    encoder,
    frozen: { encoder: frozen, features },
    fit: fitter({ learner, start, augmented: false }, features),
  };
}

function fitter<Specs extends BatchSpecs>(
  trainee: Omit<Fitting<Specs>, 'reader'>,
  readers: TrainTest<BatchReader<Specs>>,
): Trainee['fit'] {
  const { learner } = trainee;
  return async (options) => {
    const { program, finalLoss } = await fit({ ...trainee, reader: readers.train }, options);
    return {
      finalLoss,
      predict: (part, indices, onPredicted) =>
        countPredictions({ learner, program, reader: readers[part], indices, onPredicted }),
      read: async () => (await program.read('learned')).learned,
      close() {
        program.close();
      },
    };
  };
}

/** Features of images by a frozen encoder in a head's form, computed anew for each batch. */
export function featuresOf(
  { train, test }: TrainTest<ImageReader>,
  { form }: Head,
  encoder: FrozenEncoder,
  size: number,
): TrainTest<FeatureReader> {
  return {
    train: featureReader(encoder, train, size, form),
    test: featureReader(encoder, test, size, form),
  };
}

/** The same features, kept in memory where the task wants them to be. */
async function keptFeatures(
  { keeps }: HeadTask<unknown>,
  { train, test }: TrainTest<FeatureReader>,
): Promise<TrainTest<FeatureReader>> {
  const kept = async (reader: FeatureReader, part: Part) =>
    keeps(reader, part) ? keptReader(reader, await keepFeatures(reader)) : reader;
  return { train: await kept(train, 'train'), test: await kept(test, 'test') };
}
