import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, under, within } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { saveWeights, segmentationHead } from '@noisy-pairs/models';
import { openSource, type LabelledSource } from '@noisy-pairs/pairs';
import { all } from '../readers/batch-reader.ts';
import { encoderPart, hashEncoder } from '../encoders/encoder-weights.ts';
import { cachedFeatures, featureBytes } from '../encoders/features.ts';
import { fit, fitted } from './fit.ts';
import { openFrozenEncoder } from '../encoders/frozen-encoder.ts';
import {
  checkHeadTraining,
  chooseLearningRate,
  requireAlike,
  type HeadMode,
  type HeadTrainingOptions,
} from './head-training.ts';
import { joinedChannels } from '../encoders/joined-features.ts';
import { imageReader } from '../readers/labelled.ts';
import { predict } from './predict.ts';
import { writePredictions } from './prediction-panel.ts';
import { headSegmenter, networkSegmenter } from './segmentation-step.ts';

export interface SegmentationOptions extends HeadTrainingOptions {
  /** How many held-out images to write as PNG: image, truth, prediction. */
  readonly predictions: number;
  /**
   * Frozen features are kept in memory up to this many bytes, and computed anew for each batch
   * beyond. Default 2 GiB.
   */
  readonly featureBudget?: number;
  /**
   * Called with the masks and the predicted class ids of each batch of test images, for scores of
   * one's own.
   */
  readonly onPredicted?: (truth: Uint8Array, prediction: Uint8Array) => void | Promise<void>;
}

export interface Candidate {
  readonly learningRate: number;
  /** null if the loss became non-finite. */
  readonly validationMeanIou: number | null;
}

/** JSON-safe. */
export interface SegmentationResult {
  readonly mode: HeadMode;
  /** 0..1, over the classes that occur in truth or prediction. */
  readonly meanIou: number;
  /** null for a class that neither truth nor prediction has. */
  readonly classes: readonly { readonly name: string; readonly iou: number | null }[];
  readonly pixelAccuracy: number;
  readonly testImages: number;
  /** The learning rate used, and what the choice went by (empty if there was none to make). */
  readonly learningRate: number;
  readonly candidates: readonly Candidate[];
  readonly steps: number;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  readonly featuresCached: boolean;
  /**
   * SHA-256 of the encoder's weights and batch-norm statistics after training; in mode frozen also
   * that before.
   */
  readonly encoderHash: string;
  readonly seconds: number;
}

/**
 * Trains a 1x1 convolution (and, by mode, the encoder) on labelled images and measures it on
 * held-out ones at full resolution. Protocol: SGD with momentum 0.9 (or AdamW), half a cosine to 0,
 * cross entropy at image resolution; a frozen encoder runs in inference mode on unchanged images, a
 * learning one sees random flips and uses batch statistics. Writes into `out`: segmentation.jsonl
 * (step, loss, learningRate), segmentation.safetensors (`head/*`; `encoder/*` and `stats/*` where
 * trained), predictions/*.png.
 * @param options with LabelledSources as `train` and `test`; of two images a mask, the head sees
 *   both images' features and how they differ
 * @throws if sizes or classes of the two sources differ, weights are missing or superfluous, the
 *   loss becomes non-finite (NonFiniteLossError), or a frozen encoder has changed
 */
export async function trainSegmentation(options: SegmentationOptions): Promise<SegmentationResult> {
  const { encoder, mode, batchSize, out, weights } = options;
  checkHeadTraining(options);
  if (!Number.isInteger(options.predictions) || options.predictions < 0)
    throw new Error(`predictions: expected a whole number, got ${options.predictions}`);
  await mkdir(out, { recursive: true });
  const started = performance.now();
  const random = Random.from(options.seed).split('segmentation');

  // ---- data
  const train = await openSource<LabelledSource>(options.train);
  const test = await openSource<LabelledSource>(options.test);
  requireAlike(train, test);
  const { size, classes, images = 1 } = train;
  const steps = Math.ceil((options.epochs * train.length) / batchSize);

  // ---- model
  const head = segmentationHead({
    inputs: joinedChannels(encoder.channels, images),
    classes: classes.length,
  });
  const frozen = mode === 'frozen';
  const segmenter = frozen
    ? headSegmenter(head, size)
    : networkSegmenter(encoder, head, size, options.normalise, images);
  const fresh = encoder.init(random.split('encoder'));
  const given = weights ? encoderPart(weights, fresh) : fresh;
  const headStart = under('head', head.init(random.split('head')).params);
  const initial = frozen
    ? headStart
    : { ...under('encoder', given.params), ...under('stats', given.stats), ...headStart };
  const before = await hashEncoder(given);

  // ---- readers: of images, or of the frozen encoder's features
  const running = {
    eager: options.eager ?? false,
    precision: options.precision ?? 'float32',
  } as const;
  let trainReader = imageReader(train);
  let testReader = imageReader(test);
  let featuresCached = false;
  const frozenEncoder = frozen
    ? await openFrozenEncoder(encoder, given, options.normalise, running)
    : undefined;
  try {
    if (frozenEncoder) {
      trainReader = frozenEncoder.features(trainReader);
      testReader = frozenEncoder.features(testReader);
      featuresCached =
        featureBytes(trainReader, encoder) <= (options.featureBudget ?? 2 * 1024 ** 3);
      if (featuresCached) trainReader = await cachedFeatures(trainReader);
    }

    // ---- learning rate: on a part of the training images
    const { optimizer = 'sgd', weightDecay, onProgress, onMessage, signal } = options;
    const fitting = {
      what: 'segmentation',
      learner: segmenter,
      reader: trainReader,
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
          predict(segmenter, held.program, trainReader, heldBack, 0)
            .then(({ matrix }) => matrix.meanIou())
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
      log: join(out, 'segmentation.jsonl'),
      onMessage,
    });
    const { state, matrix, panels } = await predict(
      segmenter,
      program,
      testReader,
      all(test.length),
      options.predictions,
      options.onPredicted,
    )
      .then(async (predicted) => ({ ...predicted, state: await program.read() }))
      .finally(() => {
        program.close();
      });
    const learnt = frozenEncoder
      ? await frozenEncoder.read()
      : { params: within('encoder', state), stats: within('stats', state) };
    const after = await hashEncoder(learnt);
    if (frozen && after !== before)
      throw new Error(
        `frozen encoder: expected weights and statistics of hash ${before}, got ${after}`,
      );

    // ---- save
    // not what the optimizer keeps
    const learned = Object.fromEntries(Object.entries(state).filter(([name]) => name in initial));
    const result: SegmentationResult = {
      mode,
      meanIou: matrix.meanIou(),
      classes: matrix
        .iou()
        .map((iou, c) => ({ name: classes[c] ?? String(c), iou: Number.isNaN(iou) ? null : iou })),
      pixelAccuracy: matrix.pixelAccuracy(),
      testImages: test.length,
      learningRate,
      candidates: scores.map(({ learningRate: rate, score }) => ({
        learningRate: rate,
        validationMeanIou: score,
      })),
      steps,
      finalLoss,
      featuresCached,
      encoderHash: after,
      seconds: (performance.now() - started) / 1000,
    };
    await saveWeights(join(out, 'segmentation.safetensors'), learned, {
      result: JSON.stringify(result),
    });
    await writePredictions(out, panels);
    for (const owned of [
      fresh.params,
      fresh.stats,
      headStart,
      state,
      ...(frozenEncoder ? [learnt.params, learnt.stats] : []),
    ])
      disposeAll(owned);
    return result;
  } finally {
    frozenEncoder?.close();
  }
}
