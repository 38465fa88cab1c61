import type { Scalar } from '@noisy-pairs/engine';

/** How a loss of pixels and MoCo's of whole images are put together. */
export interface InstanceWeight {
  /** Share of the loss that is of whole images, 0..1; the rest is of pixels. */
  readonly instanceWeight: number;
}

/** @throws if it is not in 0..1 */
export function checkInstanceWeight(method: string, { instanceWeight: w }: InstanceWeight): void {
  if (!(w >= 0 && w <= 1))
    throw new Error(`${method} instanceWeight: expected a number in 0..1, got ${w}`);
}

/** w of the loss of images, and 1 - w of that of pixels. */
export function weighedLoss(w: number, images: Scalar, pixels: Scalar): Scalar {
  return images.mul(w).add(pixels.mul(1 - w));
}
