import type { ConfusionMatrix } from '@noisy-pairs/evaluation';
import type { LabelledSource } from '@noisy-pairs/pairs';
import { featureBytes, type FeatureReader } from '../../encoders/feature-reader.ts';
import { all } from '../../readers/batch-reader.ts';
import { labelledReader, type LabelledReader } from '../../readers/labelled-images.ts';
import type { HeadTrainingOptions } from '../head-options.ts';
import type { HeadResult, HeadTask, TrainTest } from '../head-task.ts';
import type { OnPredicted } from '../learning/predictions.ts';
import { trainHead } from '../train-head.ts';
import { predictionPicture, writePictures, type PredictedMask } from './prediction-pictures.ts';
import { segmenter } from './segmenter.ts';

export interface SegmentationOptions extends HeadTrainingOptions {
  /** How many held-out images to write as PNG: image, truth, prediction. */
  readonly predictions: number;
  /**
   * A frozen encoder's features of the training images are kept in memory up to this many bytes,
   * and computed anew for each batch beyond. Default 2 GiB.
   */
  readonly featureBudget?: number;
  /**
   * Called with the masks and the predicted class ids of each batch of test images, for scores of
   * one's own.
   */
  readonly onPredicted?: OnPredicted;
}

/** Results of the test images' masks. */
interface SegmentationMeasures {
  /** 0..1, over the classes that occur in truth or prediction. */
  readonly meanIou: number;
  /** null for a class that neither truth nor prediction has. */
  readonly classes: readonly { readonly name: string; readonly iou: number | null }[];
  readonly pixelAccuracy: number;
  /** The learning rates on trial; empty if there was no choice. */
  readonly candidates: readonly {
    readonly learningRate: number;
    /** null if the loss became non-finite. */
    readonly validationMeanIou: number | null;
  }[];
  readonly featuresCached: boolean;
}

/** JSON-safe. */
export type SegmentationResult = HeadResult & SegmentationMeasures;

/**
 * Trains a 1x1 convolution (and, by mode, the encoder) to give pixels their class, and measures it
 * on held-out images at full resolution: trainHead with cross entropy at image resolution. A
 * learning encoder sees images flipped at random. Writes into `out`: segmentation.jsonl,
 * segmentation.safetensors, predictions/*.png.
 * @param options with LabelledSources as `train` and `test`; of two images a mask, the head sees
 *   both images' features and how they differ
 * @throws as trainHead does
 */
export async function trainSegmentation(options: SegmentationOptions): Promise<SegmentationResult> {
  const { predictions } = options;
  if (!Number.isInteger(predictions) || predictions < 0)
    throw new Error(`predictions: expected a whole number, got ${predictions}`);
  return trainHead<LabelledSource, SegmentationMeasures>(options, (sources) =>
    segmentationTask(options, sources),
  );
}

function segmentationTask(
  { encoder, predictions, out, onPredicted, featureBudget = 2 * 1024 ** 3 }: SegmentationOptions,
  { train, test }: TrainTest<LabelledSource>,
): HeadTask<SegmentationMeasures> {
  const images = { train: labelledReader(train), test: labelledReader(test) };
  const fits = (features: FeatureReader) => featureBytes(features) <= featureBudget;
  const shown: PredictedMask[] = [];
  return {
    name: 'segmentation',
    images,
    head: segmenter(encoder, train),
    keeps: (features, part) => part === 'train' && fits(features),
    score: (matrix) => matrix.meanIou(),
    async onPredicted(truth, prediction) {
      shown.push(...split(truth, prediction, train.size).slice(0, predictions - shown.length));
      await onPredicted?.(truth, prediction);
    },
    async measure({ matrix, candidates, features }) {
      await writePictures(out, await picturesOf(shown, images.test, train.size));
      return {
        meanIou: matrix.meanIou(),
        classes: classIous(matrix, train.classes),
        pixelAccuracy: matrix.pixelAccuracy(),
        candidates: candidates.map(({ learningRate, score }) => ({
          learningRate,
          validationMeanIou: score,
        })),
        featuresCached: features !== undefined && fits(features.train),
      };
    },
  };
}

const classIous = (matrix: ConfusionMatrix, names: readonly string[]) =>
  matrix.iou().map((iou, c) => ({
    name: names[c] ?? String(c),
    iou: Number.isNaN(iou) ? null : iou,
  }));

/** A batch's masks, one by one. */
function split(truth: Uint8Array, prediction: Uint8Array, size: number): PredictedMask[] {
  const pixels = size * size;
  return all(truth.length / pixels).map((i) => ({
    truth: truth.subarray(i * pixels, (i + 1) * pixels),
    prediction: prediction.subarray(i * pixels, (i + 1) * pixels),
  }));
}

/** The pictures of the first images of a reader. */
async function picturesOf(masks: readonly PredictedMask[], reader: LabelledReader, size: number) {
  const pictures = [];
  for (const [i, mask] of masks.entries())
    pictures.push(predictionPicture((await reader.read([i])).images, mask, size));
  return pictures;
}
