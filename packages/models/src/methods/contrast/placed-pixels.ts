import type {
  InputSpec,
  NamedTensors,
  Scalar,
  Tensor2D,
  Tensor3D,
  TensorsOf,
} from '@noisy-pairs/engine';
import type { Encoder, Network } from '../../networks/network.ts';
import { pixelProjector } from '../../networks/pixel-head.ts';
import type { Method, StepExtras } from '../method.ts';
import { momentumContrast, type Branch, type ContrastState } from '../momentum-contrast.ts';
import { besidePixels, type ImageOutputs, type ImageQueue } from './beside-pixels.ts';
import { checkDistance, type DenseConfig } from './dense-config.ts';
import { spread } from './info-nce.ts';
import { featureFrames } from './feature-frames.ts';
import { samePlace, unitPixels } from './pixel-match.ts';

/** The parts in which PixPro and PixContrast differ. */
interface PlacedParts {
  readonly name: string;
  readonly symmetric: 'sum' | 'mean';
  /** On top of the projector, of the query network alone: [B, N, D] -> [B, N, D]. */
  readonly predictor?: {
    init: Network['init'];
    apply(params: NamedTensors, x: Tensor3D): Tensor3D;
  };
  /**
   * The loss of one direction.
   * @param q, k [B, N, D] unit pixels
   * @param same [B, N, N] 1 where they show the same place
   */
  loss(q: Tensor3D, k: Tensor3D, same: Tensor3D): Scalar;
}

/** Unit pixels [B, N, D], N row by row of the feature map, and embeddings of images. */
type Outputs = ImageOutputs & { readonly pixels: Tensor3D };

/** Frames of the views' feature maps, and m of the step. */
type PlacedSpecs = {
  readonly queryFrame: InputSpec<[batch: number, row: 6]>;
  readonly keyFrame: InputSpec<[batch: number, row: 6]>;
  readonly keyMomentum: InputSpec<[]>;
};

/**
 * PixPro's frame, which PixContrast shares: a projector of every pixel, both views through both
 * networks, key momentum from the given value to 1 along half a cosine, positives by place. With an
 * instance weight, MoCo's loss beside.
 */
export function placedPixels(
  encoder: Encoder,
  config: DenseConfig,
  parts: PlacedParts,
): Method<ContrastState<ImageQueue>, PlacedSpecs> {
  const { name, predictor } = parts;
  const { distance, dimensions: D, hidden, momentum } = config;
  const beside = besidePixels(encoder.channels, config, name);
  checkDistance(name, config);
  const projector = pixelProjector({ inputs: encoder.channels, hidden, outputs: D });
  const branch =
    ({ apply }: Pick<Encoder, 'apply'>, predicted: PlacedParts['predictor']): Branch<Outputs> =>
    (params, stats, x) => {
      const encoded = apply(params, stats, x, true); // [B, h, w, C]
      const projected = projector.apply(params, stats, encoded.y, true);
      const [b, h, w] = encoded.y.shape;
      const pixels = projected.y.reshape<Tensor3D>([b, h * w, D]);
      return {
        outputs: {
          pixels: unitPixels(predicted ? predicted.apply(params, pixels) : pixels),
          ...beside.embed(params, encoded.y),
        },
        stats: { ...encoded.stats, ...projected.stats },
      };
    };
  return momentumContrast<Outputs, ImageQueue, PlacedSpecs>({
    name,
    config,
    encoder,
    chanceLoss: undefined,
    // PixContrast's depends on how far views overlap; PixPro's is 0 without images, but collapse
    // leads furthest from it
    randomLoss: undefined,
    needsFrame: true,
    extras: placedExtras(momentum, encoder),
    heads: {
      projector,
      ...(predictor ? { predictor: { init: predictor.init, queryOnly: true } } : {}),
      ...beside.heads,
    },
    queues: beside.queues,
    ...(beside.imageQueue ? { imageQueue: beside.imageQueue } : {}),
    query: branch(encoder, predictor),
    key: branch(encoder.forKeys, undefined),
    momentum,
    momentumNow: ({ keyMomentum }) => keyMomentum,
    symmetric: { total: parts.symmetric, exchanged },
    loss(q, k, queues, frames) {
      const same = sameFeaturePixels(q.pixels, frames, distance);
      const pixels = parts.loss(q.pixels, k.pixels, same);
      const featureStd = spread(q.pixels.reshape<Tensor2D>([-1, D]));
      const overlap = same.max(2).mean(); // share of the query's pixels that the key shows too
      const { loss, images } = beside.loss(pixels, q, k, queues);
      const ofImages = images && { accuracy: images.accuracy, instanceLoss: images.loss };
      return { loss, metrics: { denseLoss: pixels, featureStd, overlap, ...ofImages } };
    },
    enqueue: (k) => beside.enqueue(k),
  });
}

/** Inputs of a step. @param momentum m at the start of the run, which goes to 1 along a cosine */
function placedExtras(momentum: number, { placement }: Encoder): StepExtras<PlacedSpecs> {
  return {
    specs: (batch) => ({
      queryFrame: { shape: [batch, 6], dtype: 'float32' },
      keyFrame: { shape: [batch, 6], dtype: 'float32' },
      keyMomentum: { shape: [], dtype: 'float32' },
    }),
    values: ({ frames, viewSize, progress }) => ({
      queryFrame: featureFrames(frames.query, viewSize, placement),
      keyFrame: featureFrames(frames.key, viewSize, placement),
      keyMomentum: Float32Array.of(1 - ((1 - momentum) * (Math.cos(Math.PI * progress) + 1)) / 2),
    }),
  };
}

function exchanged({ queryFrame, keyFrame, keyMomentum }: TensorsOf<PlacedSpecs>) {
  return { queryFrame: keyFrame, keyFrame: queryFrame, keyMomentum };
}

/** [B, N, N] 1 where the feature pixels of two views show the same place. @param q [B, N, D] */
function sameFeaturePixels(
  q: Tensor3D,
  { queryFrame, keyFrame }: TensorsOf<PlacedSpecs>,
  distance: number,
): Tensor3D {
  return samePlace(queryFrame, keyFrame, Math.sqrt(q.shape[1]), distance);
}
