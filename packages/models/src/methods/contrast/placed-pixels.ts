import {
  type NamedTensors,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@noisy-pairs/engine';
import { checkDense, type DenseConfig } from './dense-config.ts';
import { spread } from './info-nce.ts';
import { instanceBranch } from './instance-branch.ts';
import type { Method, StepExtras } from '../method.ts';
import { momentumContrast, type Branch, type ContrastParts } from '../momentum-contrast.ts';
import type { Encoder, Network } from '../../networks/network.ts';
import { pixelProjector } from '../../networks/pixel-head.ts';
import { samePlace, unitPixels } from './pixel-match.ts';

interface PlacedParts {
  readonly name: string;
  readonly symmetric: 'sum' | 'mean';
  /** On top of the projector, of the query network alone: [B, N, D] -> [B, N, D]. */
  readonly predictor?: {
    init: Network['init'];
    apply(params: NamedTensors, x: Tensor3D): Tensor3D;
  };
  /**
   * Of one direction.
   * @param q, k [B, N, D] unit pixels
   * @param same [B, N, N] 1 where they show the same place
   */
  loss(q: Tensor3D, k: Tensor3D, same: Tensor3D): Scalar;
}

/**
 * PixPro's frame, which PixContrast shares: a projector of every pixel, both views through both
 * networks, key momentum from the given value to 1 along half a cosine, positives by place. With an
 * instance weight, MoCo's loss beside.
 */
export function placedPixels(encoder: Encoder, config: DenseConfig, parts: PlacedParts): Method {
  const { name, symmetric, predictor } = parts;
  const { instanceWeight: w, distance, dimensions: D, hidden, momentum } = config;
  checkDense(name, config);
  const instance = w > 0 ? instanceBranch(encoder.channels, config, name) : undefined;
  const projector = pixelProjector({ inputs: encoder.channels, hidden, outputs: D });

  const network =
    ({ apply }: Pick<Encoder, 'apply'>, predict: boolean): Branch =>
    (params, stats, x) => {
      const encoded = apply(params, stats, x, true); // [B, h, w, C]
      const projected = projector.apply(params, stats, encoded.y, true);
      const [b, h, width] = encoded.y.shape;
      const pixels = projected.y.reshape<Tensor3D>([b, h * width, D]);
      const outputs: Record<string, Tensor> = {
        pixels: unitPixels(predict && predictor ? predictor.apply(params, pixels) : pixels),
      };
      if (instance) outputs['z'] = instance.embed(params, encoded.y);
      return { outputs, stats: { ...encoded.stats, ...projected.stats } };
    };
  const frame = (batch: number) => ({ shape: [batch, 6], dtype: 'float32' as const });
  const extras: StepExtras = {
    specs: (batch) => ({
      queryFrame: frame(batch),
      keyFrame: frame(batch),
      keyMomentum: { shape: [], dtype: 'float32' },
    }),
    values: ({ frames, progress }) => ({
      queryFrame: frames.query,
      keyFrame: frames.key,
      keyMomentum: Float32Array.of(1 - ((1 - momentum) * (Math.cos(Math.PI * progress) + 1)) / 2),
    }),
  };
  const contrast: ContrastParts = {
    name,
    encoder,
    chanceLoss: undefined,
    // PixContrast's depends on how far views overlap; PixPro's is 0 without images, but collapse
    // leads furthest from it
    randomLoss: undefined,
    needsFrame: true,
    extras,
    init(random) {
      const { params, stats } = encoder.init(random.split('encoder'));
      const projected = projector.init(random.split('projector'));
      return {
        params: {
          ...params,
          ...projected.params,
          ...(predictor?.init(random.split('predictor')).params ?? {}),
          ...(instance?.head.init(random.split('head')).params ?? {}),
        },
        stats: { ...stats, ...projected.stats },
      };
    },
    query: network(encoder, true),
    key: network(encoder.forKeys, false),
    queryOnly: (entry) => entry.startsWith('predictor.'),
    momentum: 'keyMomentum',
    queues: instance ? { queue: instance.queue } : {},
    symmetric,
    loss(q, k, { queue }, { queryFrame, keyFrame }) {
      const qPixels = q['pixels'] as Tensor3D,
        edge = Math.sqrt(qPixels.shape[1]);
      if (!queryFrame || !keyFrame)
        throw new Error(`${name}: expected the frames of both views, got none`);
      const same = samePlace(queryFrame as Tensor2D, keyFrame as Tensor2D, edge, distance);
      const pixels = parts.loss(qPixels, k['pixels'] as Tensor3D, same);
      const metrics: Record<string, Tensor> = {
        denseLoss: pixels,
        featureStd: spread(qPixels.reshape<Tensor2D>([-1, D])),
        // Share of the query's pixels that the key shows too.
        overlap: same.max(2).mean(),
      };
      if (!instance) return { loss: pixels, metrics };
      const global = instance.loss(q['z'] as Tensor2D, k['z'] as Tensor2D, queue as Tensor2D);
      return {
        loss: global.loss.mul(w).add<Scalar>(pixels.mul(1 - w)),
        metrics: { ...metrics, accuracy: global.accuracy, instanceLoss: global.loss },
      };
    },
    enqueue: ({ z }) => (instance ? { queue: z as Tensor2D } : {}),
  };
  return momentumContrast(contrast);
}
