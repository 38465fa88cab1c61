import { disposeAll, tf, type Tensor4D } from '@noisy-pairs/engine';
import type { InputScale } from '@noisy-pairs/models';
import type { ViewBatch, ViewPolicy } from '@noisy-pairs/pairs';
import { blurFunction } from './blur.ts';
import { greyViews, jitterViews } from './colour.ts';
import { cropViews } from './crop.ts';
import { normaliseFunction } from './normalise.ts';
import { viewTensors, type ViewInputs } from './view-inputs.ts';

/**
 * A pure function from images and view parameters to normalised views [B, V, V, 3]; the result is
 * the caller's.
 */
type ViewFunction = (inputs: ViewInputs) => Tensor4D;

/**
 * The device side of a view policy: crop and resize, quarter turns, flips, colour jitter,
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
      const crops = cropViews(images, boxes, turns, flips, size, policy.quarterTurns);
      let x = crops.mul<Tensor4D>(1 / 255); // [B, V, V, 3]
      if (jitters) x = jitterViews(x, colour, parts);
      if (policy.grey > 0) x = greyViews(x, grey);
      if (blur) x = blur(x, sigma);
      return toStandard(x);
    });
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
