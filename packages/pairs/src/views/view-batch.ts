import type { Random } from '@noisy-pairs/imaging';
import type { ViewPolicy } from './view-policy.ts';

/**
 * Parameters of B views, one row a view: plain arrays, so that they cross threads without a copy
 * and feed tensors directly.
 */
export interface ViewBatch {
  /** [B, 4] y0, x0, y1, x1 in 0..1 of the image: the outer edges of the crop's outermost pixels. */
  readonly boxes: Float32Array;
  /** [B] 0..3 quarter turns counter-clockwise, after the crop. */
  readonly turns: Float32Array;
  /** [B, 2] horizontal and vertical flip, 0 or 1, after the turn. */
  readonly flips: Float32Array;
  /**
   * [B, 4] brightness, contrast and saturation factors and hue shift (-0.5..0.5 turns), applied in
   * this order; 1, 1, 1, 0 changes nothing.
   */
  readonly colour: Float32Array;
  /** [B] 0 or 1. */
  readonly grey: Float32Array;
  /** [B] sigma of the blur in pixels of the view, 0 = none. */
  readonly sigma: Float32Array;
}

/** Values a row, in the order of the fields. */
export const viewFields = { boxes: 4, turns: 1, flips: 2, colour: 4, grey: 1, sigma: 1 } as const;

/**
 * Crop as torchvision's RandomResizedCrop draws it: ten tries at an area and a ratio that fit, then
 * the largest centred crop of an allowed ratio.
 */
function drawBox(random: Random, { scale, ratio }: ViewPolicy): [number, number, number, number] {
  const logRatio = ratio.map(Math.log) as [number, number];
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = random.range(...scale);
    const aspect = Math.exp(random.range(...logRatio));
    const width = Math.sqrt(area * aspect);
    const height = Math.sqrt(area / aspect);
    if (width > 1 || height > 1) continue;
    const y = random.range(0, 1 - height);
    const x = random.range(0, 1 - width);
    return [y, x, y + height, x + width];
  }
  // The image is square, so its own ratio is 1.
  const width = Math.min(1, ratio[1]);
  const height = Math.min(1, 1 / ratio[0]);
  return [(1 - height) / 2, (1 - width) / 2, (1 + height) / 2, (1 + width) / 2];
}

/**
 * Draws the parameters of one view into row `row`. Every policy takes its draws in the same order
 * from the same generator.
 */
export function drawView(random: Random, policy: ViewPolicy, views: ViewBatch, row: number): void {
  const { jitter, blur } = policy;
  views.boxes.set(drawBox(random, policy), row * 4);
  views.turns[row] = policy.quarterTurns ? random.int(4) : 0;
  views.flips[row * 2] = random.bool(policy.flip) ? 1 : 0;
  views.flips[row * 2 + 1] = random.bool(policy.flipVertical) ? 1 : 0;
  const factor = (strength: number) => random.range(Math.max(0, 1 - strength), 1 + strength);
  views.colour.set(
    random.bool(jitter.probability)
      ? [
          factor(jitter.brightness),
          factor(jitter.contrast),
          factor(jitter.saturation),
          random.range(-jitter.hue, jitter.hue),
        ]
      : [1, 1, 1, 0],
    row * 4,
  );
  views.grey[row] = random.bool(policy.grey) ? 1 : 0;
  views.sigma[row] = random.bool(blur.probability) ? random.range(...blur.sigma) : 0;
}
