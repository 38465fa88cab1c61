import {
  disposeAll,
  tf,
  type InputSpec,
  type NamedTensors,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { InputScale } from '@noisy-pairs/models';
import type { ViewBatch, ViewPolicy } from '@noisy-pairs/pairs';
import { blurFunction } from './blur.ts';
import { greyViews, jitterViews } from './colour.ts';
import { cropViews } from './crop.ts';
import { normaliseFunction } from './normalise.ts';

/** The tensors of one batch of views: what `viewTensors` uploads and a view function reads. */
export interface ViewInputs extends NamedTensors {
  /** [B, S, S, 3] float32, 0..255 */
  readonly images: Tensor4D;
  readonly boxes: Tensor2D;
  readonly turns: Tensor1D;
  readonly flips: Tensor2D;
  readonly colour: Tensor2D;
  readonly grey: Tensor1D;
  readonly sigma: Tensor1D;
}

/**
 * A pure function from images and view parameters to normalised views [B, V, V, 3]; the result is
 * the caller's.
 */
export type ViewFunction = (inputs: ViewInputs) => Tensor4D;

/**
 * Builds the device side of a view policy: crop and resize, quarter turns, flips, colour jitter,
 * grey, blur, normalisation, in this order. What the policy can never draw is left out of the
 * function, so parameters must come from the same policy.
 * @throws if a view is smaller than 2 pixels or its blur wider than the view
 */
export function viewFunction(policy: ViewPolicy, normalise: InputScale): ViewFunction {
  const { size, jitter } = policy;
  if (!Number.isInteger(size) || size < 2)
    throw new Error(`view size: expected a whole number of at least 2 pixels, got ${size}`);
  const jitters = jitter.probability > 0;
  const parts = {
    brightness: jitters && jitter.brightness > 0,
    contrast: jitters && jitter.contrast > 0,
    saturation: jitters && jitter.saturation > 0,
    hue: jitters && jitter.hue > 0,
  };
  const blur = policy.blur.probability > 0 ? blurFunction(size, policy.blur.sigma[1]) : undefined;
  const toStandard = normaliseFunction(size, normalise);

  return ({ images, boxes, turns, flips, colour, grey, sigma }) =>
    tf.tidy(() => {
      let x = cropViews(images, boxes, turns, flips, size, policy.quarterTurns).mul<Tensor4D>(
        1 / 255,
      ); // [B, V, V, 3]
      if (jitters) x = jitterViews(x, colour, parts);
      if (policy.grey > 0) x = greyViews(x, grey);
      if (blur) x = blur(x, sigma);
      return toStandard(x);
    });
}

/** What `viewValues` gives, as a program's inputs. @param count B @param size S */
export function viewSpecs(count: number, size: number): Record<keyof ViewValues, InputSpec> {
  const floats = (...shape: number[]): InputSpec => ({ shape, dtype: 'float32' });
  return {
    images: { shape: [count, size, size, 3], dtype: 'uint8' },
    boxes: floats(count, 4),
    turns: floats(count),
    flips: floats(count, 2),
    colour: floats(count, 4),
    grey: floats(count),
    sigma: floats(count),
  };
}

/** The inputs of one batch of views: borrowed arrays. */
export interface ViewValues {
  /** [B, S, S, 3] uint8 */
  readonly images: Uint8Array;
  readonly boxes: Float32Array;
  readonly turns: Float32Array;
  readonly flips: Float32Array;
  readonly colour: Float32Array;
  readonly grey: Float32Array;
  readonly sigma: Float32Array;
}

/**
 * @param images [B, S, S, 3] uint8
 * @param size S
 * @throws if the pixels are not as many as the view parameters ask for
 */
export function viewValues(images: Uint8Array, size: number, views: ViewBatch): ViewValues {
  const count = views.turns.length;
  if (images.length !== count * size * size * 3) {
    throw new Error(
      `views: expected ${count * size * size * 3} bytes for ${count} images of ${size} x ` +
        `${size} x 3, got ${images.length}`,
    );
  }
  const { boxes, turns, flips, colour, grey, sigma } = views;
  return { images, boxes, turns, flips, colour, grey, sigma };
}

/**
 * Uploads a batch of views for the view function; the tensors are the caller's.
 * @throws as `viewValues` does
 */
export function viewTensors(images: Uint8Array, size: number, views: ViewBatch): ViewInputs {
  const values = viewValues(images, size, views);
  const specs = viewSpecs(views.turns.length, size);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [
      name,
      tf.tensor(new Float32Array(values[name as keyof ViewValues]), [...shape]),
    ]),
  ) as unknown as ViewInputs;
}

/**
 * Draws a batch of views in one go: upload, view function, clean-up.
 * @returns [B, V, V, 3], the caller's
 */
export function applyViews(
  images: Uint8Array,
  size: number,
  views: ViewBatch,
  policy: ViewPolicy,
  normalise: InputScale,
): Tensor4D {
  const inputs = viewTensors(images, size, views);
  try {
    return viewFunction(policy, normalise)(inputs);
  } finally {
    disposeAll(inputs);
  }
}
