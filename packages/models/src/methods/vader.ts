import {
  gatherRows,
  tf,
  type InputSpec,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Encoder, Placement } from '../networks/network.ts';
import { pyramidDecoder } from '../networks/pyramid-decoder.ts';
import { besidePixels, type ImageOutputs, type ImageQueue } from './contrast/beside-pixels.ts';
import {
  contrastHits,
  contrastLogits,
  contrastLoss,
  spread,
  unitRows,
} from './contrast/info-nce.ts';
import { instanceChance, randomLevel } from './contrast/instance-branch.ts';
import type { InstanceWeight } from './contrast/instance-weight.ts';
import { matchingPoints } from './contrast/matching-points.ts';
import type { Method, StepExtras } from './method.ts';
import type { MocoConfig } from './moco.ts';
import { requireTemperature } from './contrast/temperature.ts';
import { momentumContrast, type Branch, type ContrastState } from './momentum-contrast.ts';

/** Instance weight 0 leaves images out. */
export interface VaderConfig extends MocoConfig, InstanceWeight {
  /** P: pixels an image that are contrasted in a step. */
  readonly points: number;
}

/** The points of a step: [B P] each, image by image. */
type PointSpecs = {
  /** int32 rows of the query's and the key's maps. */
  readonly queryPositions: InputSpec<[number]>;
  readonly keyPositions: InputSpec<[number]>;
  /** 1, or 0 for points that match nothing. */
  readonly pointWeights: InputSpec<[number]>;
};

/** Mean over the pixels that have a match. @param values, weights [N] @returns 0 if none has */
function meanOfMatched(values: Tensor1D, weights: Tensor1D): Scalar {
  return values.mul(weights).sum().div<Scalar>(tf.maximum(weights.sum(), 1));
}

/**
 * Unit pixels at some points.
 * @param map [B h w, D]
 * @param positions [P] int32 rows of it
 * @returns [P, D]
 */
const pixelsAt = (map: Tensor2D, positions: Tensor1D) => unitRows(gatherRows(map, positions));

/**
 * Contrast of the two views' pixels at the same points, against a queue: InfoNCE or RINCE, and the
 * accuracy, means over the points that both views show.
 * @param qMap, kMap [B h w, D], of any length
 * @param queue [K, D] unit rows
 * @param T temperature
 */
export function pointContrast(
  qMap: Tensor2D,
  kMap: Tensor2D,
  { queryPositions, keyPositions, pointWeights }: TensorsOf<PointSpecs>,
  queue: Tensor2D,
  T: number,
  robust?: VaderConfig['robust'],
): { loss: Scalar; accuracy: Scalar; q: Tensor2D } {
  const q = pixelsAt(qMap, queryPositions);
  const logits = contrastLogits(q, pixelsAt(kMap, keyPositions), queue, T);
  return {
    loss: meanOfMatched(contrastLoss(logits, robust), pointWeights),
    accuracy: meanOfMatched(contrastHits(logits), pointWeights),
    q,
  };
}

/** The decoder's map [B h w, D], of any length, and embeddings of images. */
type Outputs = ImageOutputs & { readonly map: Tensor2D };

/** Keys of points, [K, D], and of images. */
type VaderQueues = ImageQueue & { readonly pixelQueue: Tensor2D };

/**
 * VADeR (Pinheiro et al. 2020) as we specify it, since no code of it is known to us and the paper's
 * details were not at hand: features of an encoder and a pyramid decoder; P points an image are
 * drawn from where the two views overlap; InfoNCE of the query's pixel at each point against the
 * key's and a queue of earlier keys' pixels. K must hold the B P keys of a step.
 */
export function vader(
  encoder: Encoder,
  config: VaderConfig,
): Method<ContrastState<VaderQueues>, PointSpecs> {
  const { points, dimensions: D, hidden, queueSize, temperature: T, robust } = config;
  const beside = besidePixels(encoder.channels, config, 'vader');
  if (!Number.isInteger(points) || points < 1)
    throw new Error(`vader points: expected a positive whole number, got ${points}`);
  requireTemperature('vader', T);
  const decoder = pyramidDecoder(encoder.stages, { width: hidden, outputs: D });
  const branch =
    ({ applyStages }: Pick<Encoder, 'applyStages'>): Branch<Outputs> =>
    (params, stats, x) => {
      const { y, ys, stats: newStats } = applyStages(params, stats, x, true);
      const map = decoder.apply(params, ys).reshape<Tensor2D>([-1, D]);
      return { outputs: { map, ...beside.embed(params, y) }, stats: newStats };
    };
  return momentumContrast<Outputs, VaderQueues, PointSpecs>({
    name: 'vader',
    config,
    encoder,
    chanceLoss: instanceChance(config), // of pixels, and the same of images
    randomLoss: randomLevel(config),
    needsFrame: true,
    extras: pointExtras(points, encoder.stages[0] ?? encoder.placement),
    heads: { decoder, ...beside.heads },
    queues: {
      pixelQueue: { size: queueSize, keysAnImage: points, dimensions: D },
      ...beside.queues,
    },
    ...(beside.imageQueue ? { imageQueue: beside.imageQueue } : {}),
    query: branch(encoder),
    key: branch(encoder.forKeys),
    momentum: config.momentum,
    loss(q, k, queues, places) {
      const pixels = pointContrast(q.map, k.map, places, queues.pixelQueue, T, robust);
      const featureStd = spread(pixels.q);
      const overlap = places.pointWeights.mean();
      const { loss, images } = beside.loss(pixels.loss, q, k, queues);
      const { accuracy, loss: denseLoss } = pixels;
      const ofImages = images && { instanceLoss: images.loss };
      return { loss, metrics: { denseLoss, accuracy, featureStd, overlap, ...ofImages } };
    },
    enqueue: (k, { keyPositions }) => ({
      pixelQueue: pixelsAt(k.map, keyPositions),
      ...beside.enqueue(k),
    }),
  });
}

/** Inputs of a step. @param points P @param placement of the decoder's map, the finest stage's */
function pointExtras(points: number, placement: Placement): StepExtras<PointSpecs> {
  return {
    specs: (batch) => ({
      queryPositions: { shape: [batch * points], dtype: 'int32' },
      keyPositions: { shape: [batch * points], dtype: 'int32' },
      pointWeights: { shape: [batch * points], dtype: 'float32' },
    }),
    values: ({ frames: { query, key }, viewSize, random }) => ({
      ...matchingPoints(query, key, viewSize, placement, points, random),
    }),
  };
}
