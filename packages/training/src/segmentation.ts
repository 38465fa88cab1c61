import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, under, within, type Precision } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { saveWeights, segmentationHead, type Encoder } from '@noisy-pairs/models';
import { openSource, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { encoderPart } from './encoder-part.ts';
import { cachedFeatures, featureBytes, openFrozenEncoder, type EncoderWeights } from './features.ts';
import { fit, type Fitting } from './fit.ts';
import { joinedChannels } from './joined-features.ts';
import { imageReader } from './labelled.ts';
import { NonFiniteLossError } from './meter.ts';
import type { Normalise } from './normalise.ts';
import { predict } from './predict.ts';
import { writePredictions } from './prediction-panel.ts';
import type { Progress } from './progress.ts';
import { headSegmenter, networkSegmenter } from './segmentation-step.ts';
import { hashTensors } from './weight-hash.ts';

/** frozen: only the head learns. finetune: everything does, from given weights. scratch-supervised: everything, from a random start. */
export type SegmentationMode = 'frozen' | 'finetune' | 'scratch-supervised';

export interface SegmentationOptions {
  readonly encoder: Encoder;
  /** Borrowed; required unless the mode is scratch-supervised, which must not have them. Entries of a projection head are left out. */
  readonly weights?: EncoderWeights;
  readonly mode: SegmentationMode;
  /** LabelledSources of one size and one list of classes; of two images a mask, the head sees both images' features and how they differ. */
  readonly train: SourceSpec;
  readonly test: SourceSpec;
  readonly normalise: Normalise;
  /** Over the training images. */
  readonly epochs: number;
  readonly batchSize: number;
  /** One is used as it is; of several, the one with the best mean IoU on a fifth of the training images. */
  readonly learningRates: readonly number[];
  /** Default sgd. */
  readonly optimizer?: 'sgd' | 'adamw';
  readonly weightDecay: number;
  readonly seed: number;
  /** Folder of the run. */
  readonly out: string;
  /** How many held-out images to write as PNG: image, truth, prediction. */
  readonly predictions: number;
  /** Frozen features are kept in memory up to this many bytes, and computed anew for each batch beyond. Default 2 GiB. */
  readonly featureBudget?: number;
  /** Runs steps op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
  /** Called with a line on how steps are run. */
  readonly onMessage?: (line: string) => void;
  /** Called with the masks and the predicted class ids of each batch of test images, for scores of one's own. */
  readonly onPredicted?: (truth: Uint8Array, prediction: Uint8Array) => void | Promise<void>;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Candidate {
  readonly learningRate: number;
  /** null if the loss became non-finite. */
  readonly validationMeanIou: number | null;
}

/** JSON-safe. */
export interface SegmentationResult {
  readonly mode: SegmentationMode;
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
  /** SHA-256 of the encoder's weights and batch-norm statistics after training; in mode frozen also that before. */
  readonly encoderHash: string;
  readonly seconds: number;
}

/** Of the training images, when a learning rate is to be chosen. */
const validationShare = 0.2;

/**
 * Trains a 1x1 convolution (and, by mode, the encoder) on labelled images and measures it on held-out ones at full resolution.
 * Protocol: SGD with momentum 0.9 (or AdamW), half a cosine to 0, cross entropy at image resolution; a frozen encoder runs in inference
 * mode on unchanged images, a learning one sees random flips and uses batch statistics. Writes into `out`:
 * segmentation.jsonl (step, loss, learningRate), segmentation.safetensors (`head/*`; `encoder/*` and `stats/*` where trained),
 * predictions/*.png.
 * @throws if sizes or classes of the two sources differ, weights are missing or superfluous, the loss becomes non-finite
 *   (NonFiniteLossError), or a frozen encoder has changed
 */
export async function trainSegmentation(options: SegmentationOptions): Promise<SegmentationResult> {
  const { encoder, mode, batchSize, out, weights } = options;
  checkOptions(options);
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
  const head = segmentationHead({ inputs: joinedChannels(encoder.channels, images), classes: classes.length });
  const frozen = mode === 'frozen';
  const segmenter = frozen ? headSegmenter(head, size) : networkSegmenter(encoder, head, size, options.normalise, images);
  const fresh = encoder.init(random.split('encoder'));
  const given = weights ? encoderPart(weights, fresh) : fresh;
  const headStart = under('head', head.init(random.split('head')).params);
  const initial = frozen ? headStart : { ...under('encoder', given.params), ...under('stats', given.stats), ...headStart };
  const before = await hashEncoder(given);

  // ---- readers: of images, or of the frozen encoder's features
  const running = { eager: options.eager ?? false, precision: options.precision ?? 'float32' } as const;
  let trainReader = imageReader(train);
  let testReader = imageReader(test);
  let featuresCached = false;
  const frozenEncoder = frozen ? await openFrozenEncoder(encoder, given, options.normalise, running) : undefined;
  try {
    if (frozenEncoder) {
      trainReader = frozenEncoder.features(trainReader);
      testReader = frozenEncoder.features(testReader);
      featuresCached = featureBytes(trainReader, encoder) <= (options.featureBudget ?? 2 * 1024 ** 3);
      if (featuresCached) trainReader = await cachedFeatures(trainReader);
    }

    // ---- learning rate: on a part of the training images
    const all = Array.from({ length: train.length }, (_, i) => i);
    const { optimizer = 'sgd', weightDecay, onProgress, onMessage, signal } = options;
    const fitting = { segmenter, reader: trainReader, initial, steps, batchSize, optimizer, weightDecay, random: random.split('fit'), flips: !frozen, onProgress, signal, ...running };
    const order = random.split('validation').shuffle([...all]);
    const cut = Math.round(train.length * validationShare);
    const candidates: Candidate[] = [];
    for (const learningRate of options.learningRates.length > 1 ? options.learningRates : []) {
      const validationMeanIou = await validate({ ...fitting, indices: order.slice(cut), learningRate }, order.slice(0, cut));
      candidates.push({ learningRate, validationMeanIou });
    }
    const learningRate = best(candidates) ?? options.learningRates[0] ?? NaN;

    // ---- train on all of them, evaluate
    const { program, finalLoss } = await fit({ ...fitting, indices: all, learningRate, log: join(out, 'segmentation.jsonl'), onMessage });
    const { state, matrix, panels } = await predict(segmenter, program, testReader, Array.from({ length: test.length }, (_, i) => i), options.predictions, options.onPredicted)
      .then(async (predicted) => ({ ...predicted, state: await program.read() }))
      .finally(() => { program.close(); });
    const learnt = frozenEncoder ? await frozenEncoder.read() : { params: within('encoder', state), stats: within('stats', state) };
    const after = await hashEncoder(learnt);
    if (frozen && after !== before) throw new Error(`frozen encoder: expected weights and statistics of hash ${before}, got ${after}`);

    // ---- save
    const learned = Object.fromEntries(Object.entries(state).filter(([name]) => name in initial)); // not what the optimizer keeps
    const result: SegmentationResult = {
      mode,
      meanIou: matrix.meanIou(),
      classes: matrix.iou().map((iou, c) => ({ name: classes[c] ?? String(c), iou: Number.isNaN(iou) ? null : iou })),
      pixelAccuracy: matrix.pixelAccuracy(),
      testImages: test.length,
      learningRate,
      candidates,
      steps,
      finalLoss,
      featuresCached,
      encoderHash: after,
      seconds: (performance.now() - started) / 1000,
    };
    await saveWeights(join(out, 'segmentation.safetensors'), learned, { result: JSON.stringify(result) });
    await writePredictions(out, panels);
    for (const owned of [fresh.params, fresh.stats, headStart, state, ...(frozenEncoder ? [learnt.params, learnt.stats] : [])]) disposeAll(owned);
    return result;
  } finally {
    frozenEncoder?.close();
  }
}

/** Mean IoU on the held-back training images after training on the others; null for a learning rate too high to be finite. */
async function validate(fitting: Fitting, heldBack: readonly number[]): Promise<number | null> {
  try {
    const { program } = await fit(fitting);
    const { matrix } = await predict(fitting.segmenter, program, fitting.reader, heldBack, 0).finally(() => { program.close(); });
    return matrix.meanIou();
  } catch (error) {
    if (error instanceof NonFiniteLossError) return null;
    throw error;
  }
}

/** The first of the best learning rates; undefined if there were no candidates. */
function best(candidates: readonly Candidate[]): number | undefined {
  const score = ({ validationMeanIou }: Candidate) => validationMeanIou ?? -1;
  return [...candidates].sort((a, b) => score(b) - score(a))[0]?.learningRate;
}

async function hashEncoder({ params, stats }: EncoderWeights): Promise<string> {
  return hashTensors({ ...under('params', params), ...under('stats', stats) });
}

function requireAlike(train: LabelledSource, test: LabelledSource): void {
  if (train.size !== test.size) throw new Error(`test size: expected ${train.size} pixels as in training, got ${test.size}`);
  if ((train.images ?? 1) !== (test.images ?? 1)) throw new Error(`test images: expected ${train.images ?? 1} a mask as in training, got ${test.images ?? 1}`);
  if (train.classes.join() !== test.classes.join()) throw new Error(`test classes: expected ${train.classes.join(', ')} as in training, got ${test.classes.join(', ')}`);
}

function checkOptions({ mode, weights, batchSize, epochs, learningRates, predictions }: SegmentationOptions): void {
  if ((mode === 'scratch-supervised') === (weights !== undefined)) throw new Error(`weights: expected ${weights ? 'none' : 'some'} in mode ${mode}, got ${weights ? 'some' : 'none'}`);
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new Error(`batchSize: expected a positive whole number, got ${batchSize}`);
  if (!(epochs > 0)) throw new Error(`epochs: expected a positive number, got ${epochs}`);
  if (learningRates.length === 0 || !learningRates.every((rate) => rate > 0)) throw new Error(`learningRates: expected one or more positive numbers, got ${learningRates.join(', ') || 'none'}`);
  if (!Number.isInteger(predictions) || predictions < 0) throw new Error(`predictions: expected a whole number, got ${predictions}`);
}
