import type { Panel } from '../config/sweep-config.ts';

/**
 * Views of colour images from above, which have no upright: crops, flips, quarter turns, colours,
 * grey and blur.
 * @param size edge of a view in pixels
 */
export const colourViews = (size: number): Panel['base']['views'] => ({
  size,
  scale: [0.2, 1],
  ratio: [0.75, 4 / 3],
  flip: 0.5,
  flipVertical: 0.5,
  quarterTurns: true,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grey: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 1] },
});
