import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, tf, under, within, type Program } from '@noisy-pairs/engine';
import { checkKnn, weightedKnn } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import { classificationHead, saveWeights } from '@noisy-pairs/models';
import { openSource, type ClassifiedSource } from '@noisy-pairs/pairs';
import { all, parts } from '../readers/batch-reader.ts';
import { headClassifier, networkClassifier, type Classifier } from './classification-step.ts';
import { classifiedReader, type ClassifiedReader } from '../readers/classified.ts';
import { encoderPart, hashEncoder } from '../encoders/encoder-weights.ts';
import { fit, fitted } from './fit.ts';
import { openFrozenEncoder } from '../encoders/frozen-encoder.ts';
import {
  checkHeadTraining,
  chooseLearningRate,
  requireAlike,
  type HeadMode,
  type HeadTrainingOptions,
} from './head-training.ts';
import { labelledEntries } from '../readers/labelled-entries.ts';
import { featureReader, readFeatures } from '../encoders/pooled-features.ts';
import { tensorProducts } from '../encoders/tensor-products.ts';

export interface ClassificationOptions extends HeadTrainingOptions {
  /**
   * Of the nearest neighbours: how many vote, and T of a vote's weight exp(s / T). MoCo's notebook
   * on CIFAR-10 has 200 and 0.1. k must fit the training images.
   */
  readonly knn: { readonly k: number; readonly temperature: number };
}

/** JSON-safe. */
export interface ClassificationResult {
  readonly mode: HeadMode;
  /** Share of the test images that the linear classifier gets right, 0..1. */
  readonly accuracy: number;
  /** The same by the nearest neighbours. */
  readonly knnAccuracy: number;
  /** The linear classifier's by class; null for a class without test images. */
  readonly classes: readonly { readonly name: string; readonly accuracy: number | null }[];
  readonly testImages: number;
  /** The learning rate used, and what the choice went by (empty if there was none to make). */
  readonly learningRate: number;
  /** null if the loss became non-finite. */
  readonly candidates: readonly {
    readonly learningRate: number;
    readonly validationAccuracy: number | null;
  }[];
  readonly steps: number;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  /**
   * SHA-256 of the encoder's weights and batch-norm statistics after training; in mode frozen also
   * that before.
   */
  readonly encoderHash: string;
  readonly seconds: number;
}

/** Images a batch in inference. */
const chunk = 32;

/**
 * Classifies images on top of an encoder, and measures it on held-out ones, in two ways. Linear
 * (`accuracy`): one fully connected layer on the features averaged over the pixels, weights N(0,
 * 0.01), bias 0 (moco `main_lincls.py`); SGD with momentum 0.9 (or AdamW), half a cosine to 0,
 * cross entropy. A frozen encoder runs in inference mode on unchanged images, its features computed
 * once ([N, C] floats in memory); a learning one sees random flips left to right and shifts by up
 * to an eighth of the edge, and uses batch statistics. Nearest neighbours (`knnAccuracy`):
 * weightedKnn of @noisy-pairs/evaluation, the training images as bank, the test images as queries,
 * on the encoder's pooled features (after its training, where it is trained), NOT on the projection
 * head's output as MoCo's notebook has it: the numbers do not compare. Writes into `out`:
 * classification.jsonl (step, loss, learningRate), classification.safetensors (`head/*`;
 * `encoder/*` and `stats/*` where trained).
 * @param options with ClassifiedSources as `train` and `test`
 * @throws if sizes or classes of the two sources differ, k does not fit the bank, weights are
 *   missing or superfluous, the loss becomes non-finite (NonFiniteLossError), or a frozen encoder
 *   has changed
 */
export async function trainClassification(
  options: ClassificationOptions,
): Promise<ClassificationResult> {
  const { encoder, mode, batchSize, out, weights, normalise } = options;
  checkHeadTraining(options);
  await mkdir(out, { recursive: true });
  const started = performance.now();
  const random = Random.from(options.seed).split('classification');

  // ---- data
  const train = await openSource<ClassifiedSource>(options.train);
  const test = await openSource<ClassifiedSource>(options.test);
  requireAlike(train, test);
  const { size, classes } = train;
  const knn = { ...options.knn, classes: classes.length, products: tensorProducts };
  checkKnn(knn, train.length);
  const steps = Math.ceil((options.epochs * train.length) / batchSize);

  // ---- model
  const head = classificationHead({ inputs: encoder.channels, classes: classes.length });
  const frozen = mode === 'frozen';
  const classifier = frozen
    ? headClassifier(head)
    : networkClassifier(encoder, head, size, normalise);
  const fresh = encoder.init(random.split('encoder'));
  const headStart = under('head', head.init(random.split('head')).params);
  try {
    const given = weights ? encoderPart(weights, fresh) : fresh;
    const initial = frozen
      ? headStart
      : { ...under('encoder', given.params), ...under('stats', given.stats), ...headStart };
    const before = await hashEncoder(given);
    const running = {
      eager: options.eager ?? false,
      precision: options.precision ?? 'float32',
    } as const;

    // ---- readers: of images, or of the frozen encoder's features
    const images = { train: classifiedReader(train), test: classifiedReader(test) };
    const frozenEncoder = await openFrozenEncoder(encoder, given, normalise, running);
    try {
      const pooled = async () => ({
        train: await readFeatures(frozenEncoder.pooled(images.train)),
        test: await readFeatures(frozenEncoder.pooled(images.test)),
      });
      const cached = frozen ? await pooled() : undefined;
      const readers = cached
        ? { train: featureReader(train, cached.train), test: featureReader(test, cached.test) }
        : images;

      // ---- learning rate: on a part of the training images
      const { optimizer = 'sgd', weightDecay, onProgress, onMessage, signal } = options;
      const fitting = {
        what: 'classification',
        learner: classifier,
        reader: readers.train,
        initial,
        steps,
        batchSize,
        optimizer,
        weightDecay,
        random: random.split('fit'),
        augmented: !frozen,
        onProgress,
        signal,
        ...running,
      };
      const { learningRate, scores } = await chooseLearningRate(
        options.learningRates,
        train.length,
        random.split('validation'),
        async (rate, indices, heldBack) => {
          const held = await fitted({ ...fitting, indices, learningRate: rate });
          return (
            held &&
            classify(classifier, held.program, readers.train, heldBack)
              .then(({ right, counts }) => sum(right) / sum(counts))
              .finally(() => {
                held.program.close();
              })
          );
        },
      );

      // ---- train on all of them, evaluate
      const { program, finalLoss } = await fit({
        ...fitting,
        indices: all(train.length),
        learningRate,
        log: join(out, 'classification.jsonl'),
        onMessage,
      });
      const { right, counts, state } = await classify(
        classifier,
        program,
        readers.test,
        all(test.length),
      )
        .then(async (counted) => ({ ...counted, state: await program.read() }))
        .finally(() => {
          program.close();
        });
      if (!frozen)
        await frozenEncoder.write({
          params: within('encoder', state),
          stats: within('stats', state),
        });
      const { train: bank, test: queries } = cached ?? (await pooled());
      const { accuracy: knnAccuracy } = weightedKnn(bank, queries, knn);
      const learnt = await frozenEncoder.read();
      const after = await hashEncoder(learnt);
      if (frozen && after !== before)
        throw new Error(
          `frozen encoder: expected weights and statistics of hash ${before}, got ${after}`,
        );

      // ---- save
      // not what the optimizer keeps
      const learned = Object.fromEntries(Object.entries(state).filter(([name]) => name in initial));
      const result: ClassificationResult = {
        mode,
        accuracy: sum(right) / sum(counts),
        knnAccuracy,
        classes: classes.map((name, c) => ({
          name,
          accuracy: counts[c] ? (right[c] ?? NaN) / counts[c] : null,
        })),
        testImages: test.length,
        learningRate,
        candidates: scores.map(({ learningRate: rate, score }) => ({
          learningRate: rate,
          validationAccuracy: score,
        })),
        steps,
        finalLoss,
        encoderHash: after,
        seconds: (performance.now() - started) / 1000,
      };
      await saveWeights(join(out, 'classification.safetensors'), learned, {
        result: JSON.stringify(result),
      });
      for (const owned of [state, learnt.params, learnt.stats]) disposeAll(owned);
      return result;
    } finally {
      frozenEncoder.close();
    }
  } finally {
    for (const owned of [fresh.params, fresh.stats, headStart]) disposeAll(owned);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * Predicts images, unchanged.
 * @param program holds the classifier's state
 * @returns how many there are of each class, and how many of them it gets right
 */
async function classify(
  classifier: Classifier,
  program: Program,
  reader: ClassifiedReader,
  indices: readonly number[],
): Promise<{ right: number[]; counts: number[] }> {
  const right = reader.source.classes.map(() => 0),
    counts = [...right];
  const entries = labelledEntries(
    program,
    (state, inputs) =>
      tf.tidy(() => ({ outputs: { ids: classifier.logits(state, inputs).argMax(1) } })),
    reader,
  ); // [B]
  for (const positions of parts(indices.length, chunk)) {
    const { inputs } = await reader.read(positions.map((position) => indices[position] as number));
    const { outputs } = await entries(positions.length).run(inputs);
    for (const [i, label] of (inputs['labels'] as Int32Array).entries()) {
      counts[label] = (counts[label] ?? 0) + 1;
      if (outputs['ids']?.data[i] === label) right[label] = (right[label] ?? 0) + 1;
    }
  }
  return { right, counts };
}
