import { under, type NamedTensors } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { NetworkState } from '@noisy-pairs/models';
import { disposeEncoder, encoderPart } from '../encoders/encoder-weights.ts';
import {
  featureReader,
  keepFeatures,
  keptReader,
  type FeatureReader,
} from '../encoders/feature-reader.ts';
import { openFrozenEncoder, type FrozenEncoder } from '../encoders/frozen-encoder.ts';
import type { BatchReader, ImageInputs } from '../readers/batch-reader.ts';
import type { HeadTrainingOptions } from './head-options.ts';
import type { HeadTask, TrainTest } from './head-task.ts';
import type { Head } from './head.ts';
import { headLearner, networkLearner, type Learner } from './learner.ts';
import { close, type Own } from './owning.ts';

/** A head, or a head and its encoder, ready to be trained. Its tensors and programs are owned. */
export interface Trainee {
  readonly learner: Learner;
  /** What it starts from, as the learner has it. */
  readonly state: NamedTensors;
  readonly readers: TrainTest<BatchReader>;
  /** What it starts from; in mode frozen, what it stays. */
  readonly encoder: NetworkState;
  /** Where the head learns alone: the encoder in its program, and what the head sees of it. */
  readonly frozen?: {
    readonly encoder: FrozenEncoder;
    readonly features: TrainTest<FeatureReader>;
  };
}

/** @param size edge of the images @param random draws the parts that start at random */
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
    : own(network.init(random.split('encoder')), disposeEncoder);
  const { params } = own(task.head.network.init(random.split('head')), disposeEncoder);
  const head = under('head', params);
  if (mode !== 'frozen')
    return {
      learner: networkLearner(network, task.head, size, normalise),
      state: { ...under('encoder', encoder.params), ...under('stats', encoder.stats), ...head },
      readers: task.images,
      encoder,
    };
  const { eager = false, precision = 'float32' } = options;
  const running = { eager, precision };
  const frozen = own(await openFrozenEncoder(network, encoder, normalise, running), close);
  const features = await keptFeatures(task, featuresOf(task.images, task.head, frozen, size));
  return {
    learner: headLearner(task.head),
    state: head,
    readers: features,
    encoder,
    frozen: { encoder: frozen, features },
  };
}

/** What a head sees of images by a frozen encoder, computed anew for each batch. */
export function featuresOf(
  { train, test }: TrainTest<BatchReader<ImageInputs>>,
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
  const kept = async (reader: FeatureReader, part: 'train' | 'test') =>
    keeps(reader, part) ? keptReader(reader, await keepFeatures(reader)) : reader;
  return { train: await kept(train, 'train'), test: await kept(test, 'test') };
}
