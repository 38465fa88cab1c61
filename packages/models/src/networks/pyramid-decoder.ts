import {
  conv2d,
  entry1d,
  entry4d,
  relu,
  tf,
  type NamedTensors,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { kaimingFanOut, uniformFanIn } from './initialise.ts';
import { applyPixelwise, type LinearLayer } from './linear-layer.ts';
import type { NetworkState } from './network.ts';

/** A feature pyramid (Lin et al. 2017) down to the finest stage, and an embedding of its pixels. */
export interface PyramidDecoder {
  init(random: Random): NetworkState;
  /**
   * @param ys features of the encoder's stages, the finest first
   * @returns [B, h, w, outputs] on the finest stage's grid, not normalised
   */
  apply(params: NamedTensors, ys: readonly Tensor4D[]): Tensor4D;
}

const smooth = 'decoder.smooth';

/**
 * Per stage a 1x1 convolution to `width` channels, added to the coarser one (each pixel twice); at
 * the finest a 3x3 convolution, ReLU, and a 1x1 one to `outputs`.
 */
export function pyramidDecoder(
  stages: readonly { readonly channels: number }[],
  { width, outputs }: { width: number; outputs: number },
): PyramidDecoder {
  if (!Number.isInteger(width) || width < 1)
    throw new Error(`decoder hidden: expected a positive whole number, got ${width}`);
  const laterals = stages.map(({ channels }, i): LinearLayer => {
    return { name: `decoder.lateral${i + 1}`, inputs: channels, outputs: width };
  });
  const embed: LinearLayer = { name: 'decoder.embed', inputs: width, outputs };
  return {
    init(random) {
      const kernel = kaimingFanOut(random.split(`${smooth}.weight`), [3, 3, width, width]);
      const params = [
        ...laterals.map((layer) => initPixelwise(layer, random)),
        { [`${smooth}.weight`]: kernel, [`${smooth}.bias`]: tf.zeros([width]) },
        initPixelwise(embed, random),
      ];
      return { params: Object.fromEntries(params.flatMap(Object.entries<Tensor>)), stats: {} };
    },
    apply(params, ys) {
      const fromStages = laterals.map((layer, i) => {
        return applyPixelwise(layer, params, ys[i] as Tensor4D);
      });
      const finest = fromStages.reduceRight((coarse, fine) => {
        return enlarged(coarse, fine).add<Tensor4D>(fine);
      });
      const smoothed = conv2d(finest, entry4d(params, `${smooth}.weight`), 1, 'same');
      const y = relu(smoothed.add<Tensor4D>(entry1d(params, `${smooth}.bias`)));
      return applyPixelwise(embed, params, y);
    },
  };
}

/** As initLinear, but with no bias at first. */
function initPixelwise({ name, inputs, outputs }: LinearLayer, random: Random): NamedTensors {
  const weight = `${name}.weight`;
  return {
    [weight]: uniformFanIn(random.split(weight), [inputs, outputs], inputs),
    [`${name}.bias`]: tf.zeros([outputs]),
  };
}

/**
 * The coarse features at the size of the fine ones, each pixel twice along both axes: it lies on
 * the first of the two, and is a nearest one to the second.
 */
function enlarged(coarse: Tensor4D, fine: Tensor4D): Tensor4D {
  const [, h, w] = fine.shape;
  if (coarse.shape[1] === h && coarse.shape[2] === w) return coarse;
  // an odd edge was rounded up
  return twice(coarse).slice([0, 0, 0, 0], [-1, h, w, -1]);
}

/** Each pixel twice along both axes. @param x [B, h, w, C] @returns [B, 2 h, 2 w, C] */
function twice(x: Tensor4D): Tensor4D {
  const [b, h, w, c] = x.shape;
  // a row's pixels beside their copies
  const wide = tf.concat([x, x], 3).reshape([b, h, 2 * w * c]);
  return tf.concat([wide, wide], 2).reshape([b, 2 * h, 2 * w, c]);
}
