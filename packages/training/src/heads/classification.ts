import { softmaxCrossEntropy, type Scalar } from '@noisy-pairs/engine';
import { checkKnn, weightedKnn } from '@noisy-pairs/evaluation';
import { classificationHead, type Encoder, type NetworkState } from '@noisy-pairs/models';
import type { ClassifiedSource } from '@noisy-pairs/pairs';
import { pooledForm } from '../encoders/feature-form.ts';
import { keepFeatures, type FeatureReader } from '../encoders/feature-reader.ts';
import { openFrozenEncoder, type FrozenEncoder } from '../encoders/frozen-encoder.ts';
import { tensorProducts } from '../encoders/tensor-products.ts';
import { classifiedReader } from '../readers/classified-images.ts';
import type { HeadTrainingOptions } from './head-options.ts';
import type { HeadResult, HeadTask, TrainTest } from './head-task.ts';
import { headOf, type Head } from './head.ts';
import { trainHead } from './train-head.ts';
import { featuresOf } from './trainee.ts';

export interface ClassificationOptions extends HeadTrainingOptions {
  /**
   * Nearest neighbours: how many vote, and T of a vote's weight exp(s / T). MoCo's notebook on
   * CIFAR-10 has 200 and 0.1. k must fit the training images.
   */
  readonly knn: { readonly k: number; readonly temperature: number };
}

/** Results of the test images' classes. */
interface ClassificationMeasures {
  /** Share of the test images that the linear classifier gets right, 0..1. */
  readonly accuracy: number;
  /** The same by the nearest neighbours. */
  readonly knnAccuracy: number;
  /** The linear classifier's by class; null for a class without test images. */
  readonly classes: readonly { readonly name: string; readonly accuracy: number | null }[];
  /** The learning rates on trial; empty if there was no choice. */
  readonly candidates: readonly {
    readonly learningRate: number;
    /** null if the loss became non-finite. */
    readonly validationAccuracy: number | null;
  }[];
}

/** JSON-safe. */
export type ClassificationResult = HeadResult & ClassificationMeasures;

/**
 * Trains a classifier of images on an encoder, and measures it on held-out ones, in two ways.
 *
 * Linear (`accuracy`): trainHead with one fully connected layer on the features averaged over the
 * pixels, weights N(0, 0.01), bias 0 (moco `main_lincls.py`), and cross entropy. A frozen encoder's
 * features are computed once ([N, C] floats in memory); a learning one sees random flips left to
 * right and shifts by up to an eighth of the edge.
 *
 * Nearest neighbours (`knnAccuracy`): weightedKnn of @noisy-pairs/evaluation, the training images
 * as bank, the test images as queries, on the encoder's pooled features (after its training, where
 * it is trained), NOT on the projection head's output as MoCo's notebook has it: the numbers do not
 * compare.
 *
 * Writes into `out`: classification.jsonl, classification.safetensors.
 * @param options with ClassifiedSources as `train` and `test`
 * @throws as trainHead does, and if k does not fit the bank
 */
export async function trainClassification(
  options: ClassificationOptions,
): Promise<ClassificationResult> {
  return trainHead<ClassifiedSource, ClassificationMeasures>(options, (sources) =>
    classificationTask(options, sources),
  );
}

function classificationTask(
  options: ClassificationOptions,
  { train, test }: TrainTest<ClassifiedSource>,
): HeadTask<ClassificationMeasures> {
  const { classes, size } = train;
  const images = { train: classifiedReader(train), test: classifiedReader(test) };
  const head = classifier(options.encoder, classes.length);
  const knn = { ...options.knn, classes: classes.length, products: tensorProducts };
  checkKnn(knn, train.length);
  return {
    name: 'classification',
    images,
    head,
    keeps: () => true,
    score: (matrix) => matrix.pixelAccuracy(),
    async measure({ matrix, candidates, encoder, features }) {
      const { train: bank, test: queries } = features
        ? await keepAll(features)
        : await withFrozen(options, encoder, (frozen) =>
            keepAll(featuresOf(images, head, frozen, size)),
          );
      return {
        accuracy: matrix.pixelAccuracy(),
        knnAccuracy: weightedKnn(bank, queries, knn).accuracy,
        classes: matrix.recall().map((recall, c) => ({
          name: classes[c] ?? String(c),
          accuracy: Number.isNaN(recall) ? null : recall,
        })),
        candidates: candidates.map(({ learningRate, score }) => ({
          learningRate,
          validationAccuracy: score,
        })),
      };
    },
  };
}

/** One fully connected layer on features averaged over their pixels. */
const classifier = (encoder: Encoder, classes: number): Head =>
  headOf({
    classes,
    network: classificationHead({ inputs: encoder.channels, classes }),
    form: pooledForm(encoder),
    loss: (logits, labels) => softmaxCrossEntropy(logits, labels).mean<Scalar>(),
    ids: (logits) => logits.argMax(1), // [B]
  });

const keepAll = async ({ train, test }: TrainTest<FeatureReader>) => ({
  train: await keepFeatures(train),
  test: await keepFeatures(test),
});

/** Does some work with an encoder in inference mode. */
async function withFrozen<T>(
  { encoder, normalise, eager = false, precision = 'float32' }: ClassificationOptions,
  weights: NetworkState,
  work: (frozen: FrozenEncoder) => Promise<T>,
): Promise<T> {
  const frozen = await openFrozenEncoder(encoder, weights, normalise, { eager, precision });
  return work(frozen).finally(() => {
    frozen.close();
  });
}
