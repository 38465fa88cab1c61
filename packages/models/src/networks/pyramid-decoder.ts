import {
  conv2d,
  entry1d,
  entry2d,
  entry4d,
  linear,
  relu,
  tf,
  type NamedTensors,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { kaimingFanOut, uniformFanIn } from './initialise.ts';
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

/** Each pixel twice along both axes. @param x [B, h, w, C] @returns [B, 2 h, 2 w, C] */
function twice(x: Tensor4D): Tensor4D {
  const [b, h, w, c] = x.shape;
  // a row's pixels beside their copies
  const wide = tf.concat([x, x], 3).reshape([b, h, 2 * w * c]);
  return tf.concat([wide, wide], 2).reshape<Tensor4D>([b, 2 * h, 2 * w, c]);
}

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
  const pixelwise = (params: NamedTensors, name: string, x: Tensor4D, to: number): Tensor4D => {
    const [b, h, w, c] = x.shape;
    return linear(x.reshape<Tensor2D>([b * h * w, c]), entry2d(params, `${name}.weight`))
      .add(entry1d(params, `${name}.bias`))
      .reshape<Tensor4D>([b, h, w, to]);
  };
  return {
    init(random) {
      const params: Record<string, Tensor> = {};
      const layer = (name: string, from: number, to: number) => {
        params[`${name}.weight`] = uniformFanIn(random.split(`${name}.weight`), [from, to], from);
        params[`${name}.bias`] = tf.zeros([to]);
      };
      stages.forEach(({ channels }, i) => {
        layer(`decoder.lateral${i + 1}`, channels, width);
      });
      params['decoder.smooth.weight'] = kaimingFanOut(random.split('decoder.smooth.weight'), [
        3,
        3,
        width,
        width,
      ]);
      params['decoder.smooth.bias'] = tf.zeros([width]);
      layer('decoder.embed', width, outputs);
      return { params, stats: {} };
    },
    apply(params, ys) {
      const lateral = ys.map((y, i) => pixelwise(params, `decoder.lateral${i + 1}`, y, width));
      const finest = lateral.reduceRight((coarse, fine) => {
        const [, h, w] = fine.shape;
        const fitting =
          coarse.shape[1] === h && coarse.shape[2] === w
            ? coarse
            : // an odd edge was rounded up
              twice(coarse).slice<Tensor4D>([0, 0, 0, 0], [-1, h, w, -1]);
        return fitting.add<Tensor4D>(fine);
      });
      const smooth = relu(
        conv2d(finest, entry4d(params, 'decoder.smooth.weight'), 1, 'same').add<Tensor4D>(
          entry1d(params, 'decoder.smooth.bias'),
        ),
      );
      return pixelwise(params, 'decoder.embed', smooth, outputs);
    },
  };
}
